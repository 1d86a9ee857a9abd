// The approval queue. New rows come without moving what somebody may be about to press (J10, F33).
const queue = () => document.querySelector("#queue")
const rows = (list) => list.querySelectorAll("[data-request]")

let underWay = 0, asking = null // presses without an answer; the AbortController of the request for the list
let blockedBy = null // the reason why the list can't be updated yet: isInUse or isInUseOrFocused

const waitsHere = ({ id }) => document.getElementById(id)?.matches("[data-request]")
const isInUse = () => underWay > 0 || queue().matches(":hover") || queue().querySelector(":is(.bulk, .everybody) :focus")
const isInUseOrFocused = () => isInUse() || queue().contains(document.activeElement)
const ofQueue = (event) => queue()?.contains(event.target)

// A list from before this press would bring back the row that it decides, so it is asked for again.
document.addEventListener("htmx:beforeSend", (event) => { if (ofQueue(event)) { underWay += 1; if (asking) blockedBy = isInUse } })

document.addEventListener("htmx:afterRequest", (event) => {
  if (!ofQueue(event)) return
  underWay -= 1
  queue().dispatchEvent(new Event("many-changed", { bubbles: true })) // the buttons Undo are new
  mergeWhatWaited()
})

const mergeWhatWaited = () => { if (queue() && blockedBy && !blockedBy()) fetchQueue() }
const fetchQueue = async () => {
  if (!queue()) return
  asking?.abort()
  asking = new AbortController()
  try {
    const answer = await fetch(queue().dataset.news, { headers: { "HX-Request": "true" }, signal: asking.signal })
    if (!answer.ok || answer.headers.has("HX-Redirect")) return
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#queue")
    asking = null
    if (!fresh) return
    // A page that nobody is left on is answered with another one, whose rows are not of this list.
    if (fresh.dataset.page !== queue().dataset.page) for (const list of fresh.querySelectorAll("#waiting, #over-quota")) list.remove()
    const newest = Number(queue().dataset.newest)
    merge(fresh)
    showHowManyNew([...rows(fresh)].filter((row) => Number(row.dataset.request) > newest && !waitsHere(row)).length)
  } catch (error) {
    if (error.name !== "AbortError" && !(error instanceof TypeError)) throw error // offline: poll.js says so
  }
}

// There are two lists: #waiting, and #over-quota, which is folded. While the pointer is in the queue, nothing moves; a
// counter next to it shows how many are newer than all that the page knew. While a row has the focus, that row stays.
// A row that has to stay, though nobody waits in it any more, says so. That of a press under way is told by its answer.
const merge = (fresh) => {
  const list = queue()
  const lists = ["#waiting", "#over-quota"].map((id) => [list.querySelector(id), fresh.querySelector(id)])
  blockedBy = [isInUse, isInUseOrFocused].find((blocks) => blocks())
  const gone = underWay === 0 && list.dataset.page === "1" ? [...rows(list)].filter(({ id }) => !fresh.querySelector(`#${id}`)) : []
  const stays = (row) => blockedBy === isInUse || row.contains(document.activeElement)
  for (const row of gone) stays(row) ? row.dispatchEvent(new Event("gone", { bubbles: true })) : row.remove()
  if (blockedBy === isInUse) return
  for (const [mine, theirs] of lists) if (mine) mergeRows(mine, theirs)
  list.dataset.newest = fresh.dataset.newest
  if (blockedBy) return
  if (!list.querySelector(".queue")) return replace(list, fresh)
  for (const part of ["#queue-lead", "#everybody"]) replaceIfChanged(list.querySelector(part), fresh.querySelector(part))
  if (!fresh.querySelector(".queue")) return
  const [withinQuota, overQuota] = lists
  if (!withinQuota[0] && withinQuota[1]) add(withinQuota[1], (card) => overQuota[0].before(card))
  if (!overQuota[0] && overQuota[1]) add(overQuota[1], (card) => withinQuota[0].after(card))
  list.querySelector(".pages")?.remove()
  list.append(...fresh.querySelectorAll(".pages"))
}

const mergeRows = (mine, theirs) => {
  const [kept, arriving] = [mine.querySelector(".queue"), theirs ? [...rows(theirs)] : []]
  for (const row of arriving) {
    const here = document.getElementById(row.id)
    if (waitsHere(row) || here?.contains(document.activeElement)) continue
    here ? here.replaceWith(row) : kept.append(row) // it was decided here, and undone elsewhere
    htmx.process(row)
  }
  if (!kept.children.length) return mine.remove()
  for (const part of ["summary", ".bulk"]) replaceIfChanged(mine.querySelector(part), theirs?.querySelector(part))
}

const showHowManyNew = (count) => {
  const news = document.querySelector("#queue-news")
  news.hidden = !count
  news.firstElementChild.textContent = count
}

const replaceIfChanged = (old, latest) => { if (old && latest && contentOf(old) !== contentOf(latest)) replace(old, latest) }

// Compares the ids too, because one person may have left and another arrived.
const contentOf = (part) => [part.textContent, ...[...part.querySelectorAll("[name=request], [name=seen]")].map(({ value }) => value)].join()

const add = (latest, place) => {
  place(latest)
  htmx.process(latest)
  latest.dispatchEvent(new Event("many-changed", { bubbles: true }))
}
const replace = (old, latest) => add(latest, (part) => old.replaceWith(part))

document.addEventListener("counts-changed", fetchQueue)
document.addEventListener("focusout", () => setTimeout(mergeWhatWaited))
document.addEventListener("pointerout", (event) => { if (!queue()?.contains(event.relatedTarget)) mergeWhatWaited() })
