// The second press of a double click, or of a doubled key, never falls on something else than the first (J10).
// It stands before the page's own text, so that no press comes before it.
// data-many: what acts on many, or stands in a list that takes in others by itself, takes no press at all in its first
// second on the page.
(() => {
  const SECOND = 1000
  const NEAR = { mouse: 8, touch: 24 } // pixels that a hand moves within a double click; buttons are 44 high
  const PRESSABLE = "button, a[href], summary, [type=submit], [type=checkbox], [type=radio]"

  let loaded = Infinity // when this page's first second began
  let pressed = null // what was pressed last, and when
  let pressedAt = -Infinity
  let down = null // where the pointer came down; the browser may move the click of a finger to a button near it
  let place = null // of the last press by pointer, on the screen: the next page may be zoomed differently
  let isStill = false // whether nobody has moved the pointer or typed since that press

  const inFirstSecond = () => performance.now() - Math.min(loaded, performance.now()) < SECOND

  const hold = (fresh) => {
    const held = [...fresh].filter((act) => act !== document.activeElement && !act.disabled && !("seen" in act.dataset))
    for (const act of held) { act.dataset.seen = ""; act.disabled = true }
    setTimeout(() => { for (const act of held) act.disabled = false }, SECOND)
  }

  const read = () => {
    const [x, y, at] = JSON.parse(window.name || "[]")
    if (Date.now() - at > 10 * SECOND || at === undefined) return
    place = { x, y }
    isStill = true
  }

  try { read() } catch { place = null }

  document.addEventListener("DOMContentLoaded", () => {
    loaded = performance.now()
    hold(document.querySelectorAll("[data-many]"))
  })

  document.addEventListener("many-changed", ({ target }) => hold(target.querySelectorAll("[data-many]")))

  addEventListener("pageshow", (event) => {
    if (event.persisted) loaded = performance.now()
  })

  const moved = ({ screenX, screenY, pointerType }) => {
    const near = NEAR[pointerType] ?? NEAR.mouse
    if (!place || Math.hypot(screenX - place.x, screenY - place.y) > near) isStill = false
  }

  document.addEventListener("pointermove", moved, true)

  document.addEventListener("pointerdown", (event) => {
    moved(event) // a finger comes down elsewhere without having moved there
    down = { x: event.screenX, y: event.screenY }
  }, true)

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") isStill = isStill && event.key === " "
    else if (event.repeat) event.preventDefault() // held down, it would press what has the focus by then
  }, true)

  document.addEventListener("input", () => { isStill = false }, true) // also filled in by a password manager

  document.addEventListener("click", (event) => {
    const found = event.target.closest?.("button, input, summary, a, label")
    const target = found?.control ?? found // a press of a label is one of its field
    const now = performance.now()
    const isSoon = isStill && (now - pressedAt < SECOND || (pressed === null && inFirstSecond()))
    const isHeld = target && "many" in target.dataset && inFirstSecond()
    // What acts on many is another act the second time: those whom the first press named have gone.
    const isAnother = target !== pressed || target?.dataset.many !== undefined
    if (isHeld || (isSoon && isAnother && target?.matches(PRESSABLE))) {
      event.preventDefault()
      event.stopImmediatePropagation()
      return
    }
    if (event.detail > 0 && down) {
      place = down
      window.name = JSON.stringify([place.x, place.y, Date.now()]) // not in a storage: logging out empties those
    }
    pressed = target ?? document.body
    pressedAt = now
    isStill = true
  }, true)
})()
