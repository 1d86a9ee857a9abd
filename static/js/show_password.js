// data-show-password: a button that shows what is typed into the password field with this id, and hides it again. Without
// JavaScript the button is hidden. The field is sent as a password, so that browsers offer to save it.
const shown = (field) => field.type === "text"

const toggle = (button) => {
  const field = document.getElementById(button.dataset.showPassword)
  field.type = shown(field) ? "password" : "text"
  button.querySelector("[data-word]").textContent = shown(field) ? "Hide" : "Show"
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-show-password]")
  if (button) toggle(button)
})

document.addEventListener("submit", ({ target }) => {
  for (const button of target.querySelectorAll("[data-show-password]"))
    if (shown(document.getElementById(button.dataset.showPassword))) toggle(button)
})
