// "Joined today". The row of a person who was moved to the queue keeps its place, and the focus goes to the next row (J10).
// New rows come at the end. But others may have left, so the buttons are disabled for a second.
document.addEventListener("htmx:afterRequest", ({ detail: { requestConfig } }) => {
  const pressed = requestConfig.triggeringEvent?.submitter
  const row = pressed && !pressed.isConnected && document.getElementById(pressed.dataset.todayRow)
  if (!row || document.activeElement !== document.body) return
  let next = row
  while (next && !next.querySelector("[data-today-row]")) next = next.nextElementSibling
  ;(next?.querySelector("[data-today-row]") ?? row).focus({ preventScroll: true })
})

// The refreshed list has nobody who was moved to the queue. Their rows, which say so, stay where they were.
let outcomes = []

document.addEventListener("htmx:beforeSwap", ({ target }) => {
  if (target.id !== "today") return
  outcomes = [...target.querySelectorAll(".row--gone")].map((row) => ({ row, next: row.nextElementSibling?.id }))
})

document.addEventListener("htmx:afterSwap", () => {
  for (const { row, next } of outcomes.splice(0).reverse()) {
    if (document.getElementById(row.id)) continue // they have joined again
    document.querySelector("#today .rows")?.insertBefore(row, document.getElementById(next))
  }
})
