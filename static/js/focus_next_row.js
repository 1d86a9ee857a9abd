// After a decision by keyboard, focuses the same button in the next row; if there is none, the row with the outcome.
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const pressed = detail.requestConfig.triggeringEvent?.submitter
  const row = pressed && document.getElementById(pressed.dataset.row)
  if (!row || pressed.isConnected || document.activeElement !== document.body) return
  let next = row
  while (next && !next.matches("[data-request]")) next = next.nextElementSibling
  const same = next?.querySelector(`button[value="${pressed.value}"]`)
  ;(same ?? row).focus({ preventScroll: true })
})
