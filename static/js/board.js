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

// A press is answered with a whole new board. So nothing is asked while one is under way, and what was asked before isn't shown.
let underWay = 0
const isStale = (asking) => underWay > 0 || !asking.isConnected

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.id === "board-count" && isStale(event.target)) event.preventDefault()
})

document.addEventListener("htmx:beforeSend", ({ target, detail: { xhr } }) => {
  if (target.id === "board-count") {
    target.addEventListener("htmx:beforeOnLoad", (event) => { if (isStale(target)) event.preventDefault() }, { once: true })
  } else if (target.closest("#board")) {
    underWay += 1
    xhr.addEventListener("loadend", () => { underWay -= 1 })
  }
})
