// After a decision by keyboard, focuses the same button in the next row; if there is none, the row with the outcome.
// After Undo by keyboard, focuses the first button of the row that waits again.
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const pressed = detail.requestConfig.triggeringEvent?.submitter
  const row = pressed && document.getElementById(pressed.dataset.row)
  if (!row || pressed.isConnected || document.activeElement !== document.body) return
  let next = row
  while (next && !next.matches("[data-request]")) next = next.nextElementSibling
  const same = next?.querySelector(`button[value="${pressed.value}"]`)
  const first = row.matches("[data-request]") ? row.querySelector("button") : null
  ;(same ?? first ?? row).focus({ preventScroll: true })
})
