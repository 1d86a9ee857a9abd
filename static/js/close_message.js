// data-close-message: the button that takes a message away. The next press of Tab begins at the page's text. The message's
// room stays empty, so that nothing comes under the pointer (J10).
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-close-message]")
  if (!button) return
  const messages = button.closest(".messages")
  messages.style.minBlockSize = `${messages.getBoundingClientRect().height}px`
  button.closest(".flash__message").remove()
  document.querySelector("#main").focus({ preventScroll: true })
})
