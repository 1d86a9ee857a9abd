// A form is sent once while its answer is on its way: the second press would only throw the first answer away (J10).
// It stands before the page's own text, so that no press comes before it.
(() => {
  const LONGEST = 10_000 // ms; then the answer may be lost, and the person tries again
  const DOWNLOAD = 1000 // ms; a file leaves the page standing, so nothing tells that it has come

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

  // A poll that comes after a log-out is led to the log-in page: the answer to the press goes first.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const leads = event.detail.xhr.getResponseHeader("HX-Redirect")
    if (leads && underWay.size > 0 && !underWay.has(event.target)) event.preventDefault()
  })

  document.addEventListener("htmx:afterRequest", ({ target }) => over(target))

  addEventListener("pageshow", () => { for (const form of [...underWay.keys()]) over(form) })
})()
