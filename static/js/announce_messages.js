// data-flash: moves messages that came with the page into the live region a moment later, because a screen reader reads
// only what changes there. Both look alike and are in the same place, so nothing moves on the page.
const arrived = document.querySelector("[data-flash]")
const region = document.querySelector("#flash")

if (arrived && region) setTimeout(() => { region.append(...arrived.children) }, 150)
