// The approval queue. New rows come without moving what somebody may be about to press (J10, F33).
const MINUTE = 60_000
const queue = () => document.querySelector("#queue")
const rows = (list) => list.querySelectorAll("[data-request]")

let underWay = 0, asking = null // presses without an answer; the AbortController of the request for the list
let blockedBy = null // the reason why the list can't be updated yet: isInUse or isInUseOrFocused

const ageOf = (row) => row.querySelector(".row__when")
const waitsHere = ({ id }) => document.getElementById(id)?.matches("[data-request]")
const isInUse = () => underWay > 0 || queue().matches(":hover") || queue().querySelector(":is(.bulk, .everybody) :focus")
const isInUseOrFocused = () => isInUse() || queue().contains(document.activeElement)
const ofQueue = (event) => queue()?.contains(event.target)

document.addEventListener("htmx:beforeSend", (event) => {
  if (!ofQueue(event)) return
  underWay += 1
  if (asking) askLater()
})

// A list that is asked for while a press is under way may be from before it, and would bring back the row that it decides.
const askLater = () => {
  asking?.abort()
  blockedBy = isInUse
}

document.addEventListener("htmx:afterRequest", (event) => {
  if (!ofQueue(event)) return
  underWay -= 1
  mergeWhatWaited()
})

const mergeWhatWaited = () => {
  if (queue() && blockedBy && !blockedBy()) fetchQueue()
}

const fetchQueue = async () => {
  if (!queue()) return
  if (underWay > 0) return askLater()
  asking?.abort()
  asking = new AbortController()
  try {
    const answer = await fetch(queue().dataset.news, { headers: { "HX-Request": "true" }, signal: asking.signal })
    if (answer.status >= 500) throw new TypeError("as if it were offline")
    if (!answer.ok || answer.headers.has("HX-Redirect")) return
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#queue")
    asking = null
    if (!fresh) return
    // A page that nobody is left on is answered with another one, whose rows are not of this list.
    if (fresh.dataset.page !== queue().dataset.page) fresh.querySelectorAll("#waiting, #over-quota").forEach((list) => list.remove())
    const newest = Number(queue().dataset.newest)
    queue().dispatchEvent(new Event("rows-move", { bubbles: true }))
    merge(fresh)
    const isNew = (row) => Number(row.dataset.request) > newest && !waitsHere(row)
    showHowManyNew([...rows(fresh)].filter(isNew).length)
  } catch (error) {
    if (error instanceof TypeError) document.dispatchEvent(new Event("news-missed")) // offline
    else if (error.name !== "AbortError") throw error
  }
}

// There are two lists: #waiting, and #over-quota, which is folded. While the pointer is in the queue, nothing moves; a
// counter next to it shows how many are newer than all that the page knew. While a row has the focus, that row stays.
const merge = (fresh) => {
  const list = queue()
  blockedBy = [isInUse, isInUseOrFocused].find((blocks) => blocks())
  for (const row of goneFrom(list, fresh)) sayGoneOrRemove(row)
  if (blockedBy === isInUse) return
  for (const id of ["#waiting", "#over-quota"]) mergeRows(list.querySelector(id), fresh.querySelector(id))
  list.dataset.newest = fresh.dataset.newest
  if (blockedBy) return replaceIfChanged(list.querySelector("#queue-lead"), fresh.querySelector("#queue-lead"))
  if (list.querySelector(".queue") && list.dataset.archived === fresh.dataset.archived) mergeWhatStandsAround(list, fresh)
  else replace(list, fresh)
}

// The rows in which nobody waits any more. The row of a press under way is not among them: its answer says what became
// of it.
const goneFrom = (list, fresh) => {
  if (underWay > 0 || list.dataset.page !== "1") return []
  return [...rows(list)].filter(({ id }) => !fresh.querySelector(`#${id}`))
}

const sayGoneOrRemove = (row) => {
  if (blockedBy === isInUse || row.contains(document.activeElement)) row.dispatchEvent(new Event("gone", { bubbles: true }))
  else row.remove()
}

const mergeRows = (mine, theirs) => {
  if (!mine) return
  const kept = mine.querySelector(".queue")
  for (const row of theirs ? [...rows(theirs)] : []) {
    const here = document.getElementById(row.id)
    if (here?.contains(document.activeElement)) continue
    if (waitsHere(row)) {
      ageOf(here).textContent = ageOf(row).textContent
      continue
    }
    if (here) here.replaceWith(row) // it was decided here, and undone elsewhere
    else kept.append(row)
    htmx.process(row)
  }
  if (!kept.children.length) return mine.remove()
  for (const part of ["summary", ".bulk"]) replaceIfChanged(mine.querySelector(part), theirs?.querySelector(part))
}

const mergeWhatStandsAround = (list, fresh) => {
  for (const part of ["#queue-lead", "#everybody"]) replaceIfChanged(list.querySelector(part), fresh.querySelector(part))
  if (!fresh.querySelector(".queue")) return
  const [mine, theirs] = [list, fresh].map((page) => ({
    waiting: page.querySelector("#waiting"),
    overQuota: page.querySelector("#over-quota"),
  }))
  if (!mine.waiting && theirs.waiting) add(theirs.waiting, (part) => mine.overQuota.before(part))
  if (!mine.overQuota && theirs.overQuota) add(theirs.overQuota, (part) => mine.waiting.after(part))
  list.querySelector(".pages")?.remove()
  list.append(...fresh.querySelectorAll(".pages"))
}

const showHowManyNew = (count) => {
  const news = document.querySelector("#queue-news")
  news.hidden = !count
  news.querySelector("b").textContent = count
}

const replaceIfChanged = (old, latest) => {
  if (old && latest && contentOf(old) !== contentOf(latest)) replace(old, latest)
}

// Compares the ids too, because one person may have left and another arrived.
const contentOf = (part) => {
  const ids = [...part.querySelectorAll("[name=request], [name=seen]")].map(({ value }) => value)
  return [part.textContent, ...ids].join()
}

const add = (latest, place) => {
  place(latest)
  htmx.process(latest)
  latest.dispatchEvent(new Event("many-changed", { bubbles: true }))
}
const replace = (old, latest) => add(latest, (part) => old.replaceWith(part))

document.addEventListener("counts-changed", fetchQueue)
// "2 minutes ago" would stand there for the whole lesson if nobody else asked.
setInterval(() => { if (!document.hidden && queue()?.querySelector("[data-request]")) fetchQueue() }, MINUTE)
// The address said who was ticked before a question that was cancelled. Loaded again, it would tick them once more.
if (queue() && location.search.includes("request=")) history.replaceState(history.state, "", queue().dataset.news)
document.addEventListener("focusout", () => setTimeout(mergeWhatWaited))
document.addEventListener("pointerout", (event) => {
  if (!queue()?.contains(event.relatedTarget)) mergeWhatWaited()
})
