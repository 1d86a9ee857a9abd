// data-left: how many a button for many acts on. Its form is replaced only when nobody is at the queue; until then it
// counts and names those who still wait.
document.addEventListener("htmx:afterRequest", () => {
  for (const left of document.querySelectorAll("#queue [data-left]")) {
    const { form } = left.closest("button")
    const named = [...form.querySelectorAll("[name=request]")]
    const gone = named.filter(({ value }) => document.querySelector(`[data-decided="${value}"]`))
    for (const one of gone) one.remove()
    left.textContent = named.length - gone.length
    if (named.length - gone.length > 1) continue
    if (form.contains(document.activeElement)) document.querySelector("#queue-title").focus({ preventScroll: true })
    form.style.visibility = "hidden" // as in a fresh page, where one alone has the buttons of the row
  }
  for (const bulk of document.querySelectorAll("#queue .rows:not(:has([data-request])) > .bulk")) {
    if (bulk.contains(document.activeElement)) document.querySelector("#queue-title").focus({ preventScroll: true })
  }
})
