// data-close-message: the button that takes a message away. The next press of Tab begins at the page's text.
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-close-message]")
  if (!button) return
  button.closest(".flash__message").remove()
  document.querySelector("#main").focus({ preventScroll: true })
})
