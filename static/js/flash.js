// data-flash: what came with the page moves into the live region once that stands, so that a screen reader hears it.
// Both look alike and stand at the same place, so nothing moves on the page.
const arrived = document.querySelector("[data-flash]")
const region = document.querySelector("#flash")

if (arrived && region) setTimeout(() => { region.append(...arrived.children) }, 150)
