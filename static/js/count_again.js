// data-counts-again: a form that htmx sends after each change, to count the people it is about. Until the answer comes, its
// sentence about the earlier choice is hidden (aria-busy), and a screen reader waits for the new one.
const sentenceOf = (form) => form.querySelector("[role=status]")

document.addEventListener("change", ({ target }) => {
  const form = target.closest("[data-counts-again]")
  if (!form || target.type === "search") return
  if (target.name === "since") form.elements.who.value = "since"
  sentenceOf(form).ariaBusy = "true"
})

document.addEventListener("htmx:afterRequest", ({ detail: { elt, successful } }) => {
  if (elt.matches("[data-counts-again]") && successful) sentenceOf(elt).ariaBusy = "false"
})
