// What the poll of _counts.html has counted, written where else the page shows it. data-waiting: how many people wait for a
// manager; the tab's title begins with it. data-counted="here": how many wait in this class, in the tab of its queue;
// data-counted="members": how many members the class has.
const counts = () => document.querySelector("#counts")?.dataset ?? {}
const waiting = () => Number(document.querySelector("[data-waiting]")?.dataset.waiting ?? 0)
const marked = (number) => (number ? `(${number}) ` : "")

// The server has written the number already, except on a page with an error, which begins with that instead. The rest of
// the title may begin with a number in brackets, too: it is a class's name.
const isError = document.title.startsWith("Error: ")
const title = isError ? document.title : document.title.slice(marked(waiting()).length)

const show = () => {
  document.title = isError ? title : marked(waiting()) + title
  const { here, members } = counts()
  if (members === undefined) return
  const texts = { here: Number(here) ? `(${here})` : "", members }
  for (const place of document.querySelectorAll("[data-counted]")) {
    if (place.closest("nav:hover")) continue // a wider tab would move the next one under the pointer (J10)
    place.textContent = texts[place.dataset.counted]
  }
}

// Not afterSwap: after that, htmx sets the title of the page that a part came from.
document.addEventListener("htmx:afterSettle", show)
document.addEventListener("pointerout", ({ target, relatedTarget }) => {
  if (target.closest(".band__nav") && !relatedTarget?.closest(".band__nav")) setTimeout(show)
})
