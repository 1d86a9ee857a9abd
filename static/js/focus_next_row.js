// After a decision by keyboard, focuses the same button in the next row; if there is none, the row with the outcome.
// After Undo by keyboard, focuses the first button of the row that waits again.
// The page stays where it is. Only for the keyboard, with nothing under a pointer, a row that is out of sight comes in.
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const pressed = detail.requestConfig.triggeringEvent?.submitter
  const row = pressed && document.getElementById(pressed.dataset.row)
  if (!row || pressed.isConnected || document.activeElement !== document.body) return
  let next = row
  while (next && !next.matches("[data-request]")) next = next.nextElementSibling
  const same = next?.querySelector(`button[value="${pressed.value}"]`)
  const first = row.matches("[data-request]") ? row.querySelector("button") : null
  const stop = same ?? first ?? row
  stop.focus({ preventScroll: true })
  if (stop.matches(":focus-visible")) stop.closest("li").scrollIntoView({ block: "nearest" })
})
