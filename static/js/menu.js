// details.menu: closes on Escape, which gives the focus back to "…", on a press elsewhere, and when the focus moves on, because
// it would cover what has the focus then.
const openMenus = () => document.querySelectorAll("details.menu[open]")

for (const moved of ["click", "focusin"]) {
  document.addEventListener(moved, ({ target }) => {
    for (const menu of openMenus()) if (!menu.contains(target)) menu.open = false
  })
}

document.addEventListener("keydown", ({ key, target }) => {
  if (key !== "Escape") return
  for (const menu of openMenus()) {
    menu.open = false
    if (menu.contains(target)) menu.querySelector("summary").focus()
  }
})

// Opens upwards if its foot would be below the window, and there is more room above.
document.addEventListener("toggle", ({ target }) => {
  if (!target.matches("details.menu")) return
  const list = target.querySelector(".menu__list")
  list.classList.remove("menu__list--above")
  if (!target.open) return
  const [above, below] = [target.getBoundingClientRect().top, innerHeight - target.getBoundingClientRect().bottom]
  list.classList.toggle("menu__list--above", list.offsetHeight > below && above > below)
}, true) // the event does not bubble
