// After a decision by keyboard the focus goes to the same button of the next row; without one, to what became of the row.
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const pressed = detail.requestConfig.triggeringEvent?.submitter
  const row = pressed && document.getElementById(pressed.dataset.row)
  if (!row || pressed.isConnected || document.activeElement !== document.body) return
  let next = row
  while (next && !next.matches("[data-request]")) next = next.nextElementSibling
  const same = next?.querySelector(`button[value="${pressed.value}"]`)
  ;(same ?? row).focus({ preventScroll: true })
})
