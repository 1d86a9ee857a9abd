// "Who came today": a row that is set aside keeps its place and its height, and the focus goes on to the next one (J10).
// The list takes in what is new by itself. Its rows move then, so for a second they take no press by pointer.
document.addEventListener("htmx:oobBeforeSwap", ({ detail: { target, fragment } }) => {
  if (!target.id.startsWith("arrival-")) return
  fragment.firstElementChild.style.minBlockSize = `${target.getBoundingClientRect().height}px`
})

document.addEventListener("htmx:afterRequest", ({ detail: { requestConfig } }) => {
  const pressed = requestConfig.triggeringEvent?.submitter
  const row = pressed && !pressed.isConnected && document.getElementById(pressed.dataset.arrival)
  if (!row || document.activeElement !== document.body) return
  let next = row
  while (next && !next.querySelector("[data-arrival]")) next = next.nextElementSibling
  ;(next?.querySelector("[data-arrival]") ?? row).focus({ preventScroll: true })
})

document.addEventListener("htmx:afterSwap", ({ target }) => {
  if (target.id === "today") target.dispatchEvent(new Event("many-changed", { bubbles: true }))
})
