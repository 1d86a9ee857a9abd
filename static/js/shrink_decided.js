// A decided row of the approval queue keeps its height (keep_height.js) until no hand is near, so that nothing moves that somebody may be
// about to press (J10). A finger that was lifted is near for another second, because its next press may be on its way.
// While there is a message, a hand may be on its way to its "Undo all": on a shorter page the message would be higher up.
const SECOND = 1000
const queue = () => document.querySelector("#queue")

let hand = null // what pointed last: "mouse", "touch" or "pen"
let nearby = null // the timer of the finger
const isMessageThere = () => document.querySelector(".flash__message") !== null
const isHandNear = () => (hand === "touch" ? nearby !== null : queue().matches(":hover"))

const stayNear = () => {
  clearTimeout(nearby)
  nearby = setTimeout(() => { nearby = null; shrink() }, SECOND)
}

const shrink = () => {
  const tall = queue()?.querySelectorAll(".request--decided[style]") ?? []
  if (!tall.length || isMessageThere() || isHandNear()) return
  queue().dispatchEvent(new Event("rows-move", { bubbles: true }))
  for (const row of tall) row.removeAttribute("style")
}

document.addEventListener("htmx:afterRequest", () => {
  if (hand === "touch") stayNear()
  shrink()
})

for (const name of ["pointerdown", "pointermove", "pointerup", "scroll"]) {
  document.addEventListener(name, ({ pointerType }) => {
    hand = pointerType ?? hand
    if (hand === "touch") stayNear()
  }, { capture: true, passive: true })
}

document.addEventListener("pointerout", ({ relatedTarget }) => { if (!queue()?.contains(relatedTarget)) shrink() })
