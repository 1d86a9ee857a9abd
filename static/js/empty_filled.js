// data-filled-by="…": a form that says for whom it was drawn. On the way back to a page, browsers fill in what was typed there before.
// If somebody else has logged in or out since, that was typed by the student before, and the form is emptied again (T49).
const form = document.querySelector("[data-filled-by]")

if (form) {
  const { filledBy } = form.dataset
  const before = history.state?.filledBy ?? filledBy
  history.replaceState({ ...history.state, filledBy }, "")
  if (before !== filledBy) addEventListener("pageshow", () => setTimeout(() => form.reset()))
}
