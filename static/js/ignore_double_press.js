// Ignores the second press of a double click or a doubled key if something else is in that place by then (J10): for a second
// from the moment at which the answer came, or under a pointer for two, if what is there says something else: on purpose,
// nobody presses that without having moved. It is loaded before the page's text, so that no press comes earlier.
// data-many: buttons that act on several people, or are in a list that changes by itself. They are disabled when new for a
// second. So are, where the page answers a press by pointer, all that decide about somebody, however far the hand has moved.
(() => {
  const SECOND = 1000
  const NEAR = { mouse: 8, touch: 24 } // pixels that a hand may move within a double click; buttons are 44 high
  const PRESSABLE = "button, a[href], summary, [type=submit], [type=checkbox], [type=radio]"

  let loaded = Infinity // when the page's first second began
  let pressed = null, words // the element that was pressed last, and what it said
  let since = Infinity // when that was, or when its answer came
  let down = null // where the pointer came down; for a finger, the click may be at a button nearby
  let place = null // of the last press by pointer, in screen coordinates, because the next page may be zoomed differently
  let isStill = false // whether the pointer has not moved and nobody has typed since that press

  const hold = (fresh) => {
    const held = [...fresh].filter((act) => act !== document.activeElement && !act.disabled && !("seen" in act.dataset))
    for (const act of held) { act.dataset.seen = ""; act.disabled = true }
    setTimeout(() => { for (const act of held) act.disabled = false }, SECOND)
  }

  // What it says, without the person's name: "Let in" is the same in each row.
  const wordsOf = (target) => {
    const copy = target?.cloneNode(true)
    for (const name of copy?.querySelectorAll("bdi, .for-screen-reader") ?? []) name.remove()
    return copy?.textContent.trim()
  }

  const read = () => {
    const [x, y, at, said] = JSON.parse(window.name || "[]")
    window.name = "" // a page that is opened after this one is no answer to that press
    if (Date.now() - at > 10 * SECOND || at === undefined) return
    [place, words, isStill] = [{ x, y }, said, true]
  }

  try { read() } catch { place = null }
  const fresh = place ? "[data-many], [name=decision]" : "[data-many]" // held in the page's first second
  // Until then, buttons that were there for more than a second look as if they were disabled: the page may be slow.
  const page = document.documentElement
  page.dataset.unready = place ? "decisions" : ""

  // DOMContentLoaded would wait for the other scripts: on a slow line these come seconds after the page.
  document.addEventListener("readystatechange", () => {
    if (document.readyState !== "interactive") return
    loaded = since = performance.now()
    hold(document.querySelectorAll(fresh))
    setTimeout(() => { delete page.dataset.unready }, SECOND)
  })

  document.addEventListener("many-changed", ({ target }) => hold(target.querySelectorAll("[data-many]")))
  addEventListener("pageshow", (event) => {
    if (event.persisted) loaded = since = performance.now()
  })

  // Only now has the page changed, and may a script move the focus to another button.
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    hold(document.querySelectorAll("[data-many]"))
    if (!detail.elt.matches("[data-poll]")) since = performance.now()
  })

  const moved = ({ screenX, screenY, pointerType }) => {
    const near = NEAR[pointerType] ?? NEAR.mouse
    if (!place || Math.hypot(screenX - place.x, screenY - place.y) > near) isStill = false
  }
  document.addEventListener("pointermove", moved, true)

  document.addEventListener("pointerdown", (event) => {
    moved(event) // a finger does not send pointermove before it comes down elsewhere
    down = { x: event.screenX, y: event.screenY }
  }, true)

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") isStill = isStill && event.key === " "
    else if (event.repeat) event.preventDefault() // a held key would press whatever has the focus by then
  }, true)

  document.addEventListener("input", () => { isStill = false }, true) // a password manager counts as typing

  // For how many seconds the place of the last press takes no other press. Refusing somebody, and undoing what was done
  // to several people, is worse to do by mistake.
  const restOf = (target, isSame) => {
    if (target?.matches("[data-undo-all] button")) return 3
    return isSame && !target?.matches("[value=deny], [value=keep-out]") ? 1 : 2
  }

  document.addEventListener("click", (event) => {
    const found = event.target.closest?.("button, input, summary, a, label")
    const target = found?.control ?? found // pressing a label presses its field
    const said = wordsOf(target)
    const isSame = target === pressed || said === words || event.detail === 0 // 0: by a key
    const isSoon = isStill && performance.now() - since < restOf(target, isSame) * SECOND
    const isHeld = target?.matches(fresh) && performance.now() - loaded < SECOND
    // A second press for several people is another act, as the first changed its list; one of "Show the password", of
    // "Menu" or of a line that unfolds something undoes it.
    const isAnother = target !== pressed || target?.matches("[data-many], [data-show-password], [popovertarget], summary")
    if (isHeld || (isSoon && isAnother && target?.matches(PRESSABLE))) {
      event.preventDefault()
      event.stopImmediatePropagation()
      return
    }
    if (event.detail > 0 && down) {
      place = down
      window.name = JSON.stringify([place.x, place.y, Date.now(), said]) // not in sessionStorage, because logging out clears it
    }
    pressed = target ?? document.body
    words = said
    since = performance.now()
    isStill = true
  }, true)
})()
