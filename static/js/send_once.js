// Sends a form only once until it is answered, because a second press would make the browser drop the first answer (J10).
// It is loaded before the page's text, so that no press comes earlier.
(() => {
  const LONGEST = 10_000 // ms; then the answer is probably lost, and the person may try again
  const DOWNLOAD = 1000 // ms; the page stays while a file is downloaded, and no event tells when it has arrived

  const underWay = new Map() // form -> its timer

  const over = (form) => {
    clearTimeout(underWay.get(form))
    underWay.delete(form)
  }

  document.addEventListener("submit", (event) => {
    const form = event.target
    if (form.method !== "post") return
    if (underWay.has(form)) {
      event.preventDefault()
      event.stopImmediatePropagation()
      return
    }
    underWay.set(form, setTimeout(over, "download" in form.dataset ? DOWNLOAD : LONGEST, form))
  }, true)

  // After a log-out, a poll is answered with the log-in page. The answer to a form that is under way goes first.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const leads = event.detail.xhr.getResponseHeader("HX-Redirect")
    if (leads && underWay.size > 0 && !underWay.has(event.target)) event.preventDefault()
  })

  document.addEventListener("htmx:afterRequest", ({ target }) => over(target))

  addEventListener("pageshow", () => { for (const form of [...underWay.keys()]) over(form) })
})()
