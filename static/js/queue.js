// The approval queue. A decided row keeps its place and height, and new rows are added without moving anything that
// somebody may be about to press (J10, F33).
const queue = () => document.querySelector("#queue")
const rows = (list) => list.querySelectorAll("[data-request]")

let underWay = 0
let blockedBy = null // the reason why the list can't be updated yet: isInUse or isInUseOrFocused
let asking = null

const isInUse = () => underWay > 0 || queue().matches(":hover") || queue().querySelector(".bulk :focus")
const isInUseOrFocused = () => isInUse() || queue().contains(document.activeElement)
const ofQueue = (event) => queue()?.contains(event.target)

document.addEventListener("htmx:beforeSend", (event) => { if (ofQueue(event)) underWay += 1 })

document.addEventListener("htmx:oobBeforeSwap", ({ detail: { target, fragment } }) => {
  if (!target.matches(".request")) return
  fragment.firstElementChild.style.minBlockSize = `${target.getBoundingClientRect().height}px`
})

document.addEventListener("htmx:afterRequest", (event) => {
  if (!ofQueue(event)) return
  underWay -= 1
  queue().dispatchEvent(new Event("many-changed", { bubbles: true })) // the buttons Undo are new
  mergeWhatWaited()
})

const mergeWhatWaited = () => { if (queue() && blockedBy && !blockedBy()) fetchQueue() }

const fetchQueue = async () => {
  const list = queue()
  if (!list) return
  asking?.abort()
  asking = new AbortController()
  try {
    const answer = await fetch(list.dataset.news, { headers: { "HX-Request": "true" }, signal: asking.signal })
    if (!answer.ok || answer.headers.has("HX-Redirect")) return
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#queue")
    if (!fresh) return
    merge(fresh)
    showHowManyNew([...rows(fresh)].filter((row) => !document.getElementById(row.id)).length)
  } catch (error) {
    if (error.name !== "AbortError" && !(error instanceof TypeError)) throw error // offline, which poll.js says
  }
}

// There are two lists: #waiting, and #over-quota, which is folded. While the pointer is in the queue, nothing changes; a
// counter next to it shows how many have arrived. While a row has the focus, that row stays.
const merge = (fresh) => {
  const list = queue()
  const lists = ["waiting", "over-quota"].map((id) => [list.querySelector(`#${id}`), fresh.querySelector(`#${id}`)])
  blockedBy = [isInUse, isInUseOrFocused].find((is) => is())
  if (blockedBy === isInUse) return
  for (const [mine, theirs] of lists) if (mine) mergeRows(mine, theirs)
  if (blockedBy) return
  if (!list.querySelector(".queue")) return replace(list, fresh)
  const [withinQuota, overQuota] = lists
  if (!withinQuota[0] && withinQuota[1]) add(withinQuota[1], (card) => overQuota[0].before(card))
  if (!overQuota[0] && overQuota[1]) add(overQuota[1], (card) => withinQuota[0].after(card))
  for (const part of ["#queue-lead", ".pages"]) replaceIfChanged(list.querySelector(part), fresh.querySelector(part))
}

const mergeRows = (mine, theirs) => {
  const [kept, arriving] = [mine.querySelector(".queue"), theirs ? [...rows(theirs)] : []]
  const waiting = new Set(arriving.map((row) => row.id))
  for (const row of arriving) {
    if (document.getElementById(row.id)) continue
    kept.append(row)
    htmx.process(row)
  }
  if (queue().dataset.page === "1") {
    for (const row of rows(kept)) if (!waiting.has(row.id) && !row.contains(document.activeElement)) row.remove()
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
const contentOf = (part) => [part.textContent, ...[...part.querySelectorAll("[name=request]")].map(({ value }) => value)].join()

const add = (latest, place) => {
  place(latest)
  htmx.process(latest)
  latest.dispatchEvent(new Event("many-changed", { bubbles: true }))
}
const replace = (old, latest) => add(latest, (part) => old.replaceWith(part))

document.addEventListener("counts-changed", fetchQueue)
document.addEventListener("focusout", () => setTimeout(mergeWhatWaited))
document.addEventListener("pointerout", (event) => { if (!queue()?.contains(event.relatedTarget)) mergeWhatWaited() })
