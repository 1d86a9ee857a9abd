// data-focus-unfolded: a <details> around one field. People unfold it to type, so the cursor goes there.
document.addEventListener("click", ({ target }) => {
  const details = target.closest?.("[data-focus-unfolded] > summary")?.parentElement
  if (details && !details.open) details.addEventListener("toggle", () => details.querySelector("input").focus(), { once: true })
})
