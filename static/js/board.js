// The projector page. data-full-screen: shows the whole page without the browser around it. Hidden where a browser can't.
// data-close: Escape follows this link.
document.documentElement.toggleAttribute("data-can-full-screen", document.fullscreenEnabled)

document.addEventListener("click", ({ target }) => {
  if (!target.closest("[data-full-screen]")) return
  if (document.fullscreenElement) document.exitFullscreen()
  else document.documentElement.requestFullscreen()
})

document.addEventListener("keydown", (event) => {
  const close = document.querySelector("[data-close]")
  if (event.key !== "Escape" || !close || document.fullscreenElement) return
  event.preventDefault() // otherwise the browser stops loading the page
  location.assign(close.href)
})

// Who may not see the Code any more sees why, and no old Code (W1).
document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (event.target.id !== "board-count" || ![403, 404].includes(event.detail.xhr.status)) return
  event.preventDefault()
  location.reload()
})
