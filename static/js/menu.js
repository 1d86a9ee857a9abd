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
