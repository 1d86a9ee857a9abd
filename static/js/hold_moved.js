// What is new in the approval queue, or has moved, takes no press for a second: a finger may be on its way to what was there
// before (J10). A script that moves rows sends "rows-move" first, and moves them before it lets another script run.
const SECOND = 1000
const idOf = (part) => part.closest("[id]").id
const parts = () => [...document.querySelectorAll("#queue :is(.request, .bulk)")]
const topOf = (part) => Math.round(part.getBoundingClientRect().top)

document.addEventListener("rows-move", () => {
  const before = new Map(parts().map((part) => [idOf(part), topOf(part)]))
  queueMicrotask(() => {
    const moved = parts().filter((part) => before.get(idOf(part)) !== topOf(part))
    for (const part of moved) part.dataset.held = ""
    setTimeout(() => { for (const part of moved) delete part.dataset.held }, SECOND)
  })
})
