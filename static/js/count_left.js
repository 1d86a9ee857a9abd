// data-left: the number on a button that acts on several requests. Its form is replaced only while nobody uses the queue;
// until then, this takes decided requests out of the form and the number.
// data-rows-left: how many rows of its list are not decided.
document.addEventListener("htmx:afterRequest", () => {
  for (const left of document.querySelectorAll("#queue [data-left]")) {
    const { form } = left.closest("button")
    const named = [...form.querySelectorAll("[name=request]")]
    const gone = named.filter(({ value }) => document.querySelector(`[data-decided="${value}"]`))
    for (const one of gone) one.remove()
    left.textContent = named.length - gone.length
    if (named.length - gone.length > 1) continue
    if (form.contains(document.activeElement)) document.querySelector("#queue-title").focus({ preventScroll: true })
    form.style.visibility = "hidden" // as on a new page, where a single request has only the buttons of its row
  }
  for (const left of document.querySelectorAll("#queue [data-rows-left]")) {
    left.textContent = left.closest(".rows").querySelectorAll("[data-request]").length
  }
  for (const bulk of document.querySelectorAll("#queue .rows:not(:has([data-request])) > .bulk")) {
    if (bulk.contains(document.activeElement)) document.querySelector("#queue-title").focus({ preventScroll: true })
  }
})
