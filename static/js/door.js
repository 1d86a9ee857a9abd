// The door on the page of a class: shows what was done to Code and Join URL elsewhere, as soon as the page's poll has noticed.
// The answer from which #door-waiting is taken has the whole page. The door isn't replaced while somebody uses it: while a
// press is under way or a hand moves there. A half with an open menu, or in which the keyboard has the focus, stays alone.
// What is replaced takes no press for a second (J10).
const SECOND = 1000
const door = () => document.querySelector("#door")
const isOfDoor = ({ target }) => door()?.contains(target)
// What Code and Join URL do, but not how long still, which changes by itself.
const stateOf = (panel) => [...panel.querySelectorAll("[data-code], [data-paused]")].map(({ dataset }) => JSON.stringify(dataset)).join()

// `fresh`: a door that was read and isn't shown yet. `underWay`: how many presses have no answer. `touchedAt`: when a pointer last
// moved or came down on the door.
let fresh = null
let underWay = 0
let touchedAt = -Infinity
let timer

const isAtHand = () => underWay > 0 || performance.now() - touchedAt < 2 * SECOND
const isInUse = (part) => part.querySelector("details[open], :focus-visible") !== null

const replace = (old, shown) => {
  old.replaceWith(shown)
  htmx.process(shown)
  shown.dataset.held = ""
  setTimeout(() => { delete shown.dataset.held }, SECOND)
}

const HALVES = ".door__half"
const replaceOtherHalf = () => {
  const latest = fresh.querySelectorAll(HALVES)
  // An archived class has none.
  if (latest.length === 0) return
  for (const [place, half] of door().querySelectorAll(HALVES).entries()) {
    if (!isInUse(half) && stateOf(half) !== stateOf(latest[place])) replace(half, latest[place].cloneNode(true))
  }
}

const showFresh = () => {
  clearTimeout(timer)
  if (!fresh || !door()) return
  if (!isAtHand() && !isInUse(door())) {
    replace(door(), fresh)
    fresh = null
    return
  }
  if (!isAtHand()) replaceOtherHalf()
  if (stateOf(door()) === stateOf(fresh)) fresh = null
  else timer = setTimeout(showFresh, SECOND)
}

document.addEventListener("htmx:beforeOnLoad", ({ target, detail: { xhr } }) => {
  if (target.id !== "door-waiting" || xhr.status !== 200 || underWay > 0) return
  const page = new DOMParser().parseFromString(xhr.responseText, "text/html")
  // An archived class has no door, and says so in its place.
  const read = page.querySelector("#door, [data-archived]")
  fresh = read && stateOf(read) !== stateOf(door()) ? read : null
  // By then htmx has replaced #door-waiting.
  setTimeout(showFresh)
})

// The answer to a press about the Code has a whole new door. While another press is under way, it only says what it did: the
// other one's form has to stay until its answer has come. Then the door is asked for.
let isOld = false

document.addEventListener("htmx:beforeSend", (event) => {
  if (!isOfDoor(event) || event.target.id === "door-waiting") return
  fresh = null
  underWay += 1
  event.detail.xhr.addEventListener("loadend", () => {
    underWay -= 1
    if (underWay > 0 || !isOld) return
    isOld = false
    htmx.trigger(document.body, "counts-changed")
  })
})

document.addEventListener("htmx:beforeSwap", ({ target, detail }) => {
  if (target !== door() || underWay < 2) return
  detail.swapOverride = "none"
  isOld = true
})

for (const kind of ["pointermove", "pointerdown"]) {
  document.addEventListener(kind, (event) => { if (isOfDoor(event)) touchedAt = performance.now() }, true)
}
