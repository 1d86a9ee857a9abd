// Sends a form only once until it is answered, because a second press would make the browser drop the first answer (J10).
// If the answer takes long, the button that was pressed is marked (aria-busy) until it comes, and says what is being done if
// it has words for it (data-busy). Without a network nothing is sent, because the browser's page about that would replace the
// form, and what was typed would be gone; the page says so (data-unsent). It is loaded before the page's text, so that no
// press comes earlier.
(() => {
  const LONGEST = 10_000 // ms; then the answer is probably lost, and the person may try again
  const DOWNLOAD = 1000 // ms; the page stays while a file is downloaded, and no event tells when it has arrived
  const LONG = 300 // ms; a mark for anything shorter would only flicker

  let isReachable = true
  const unsent = () => document.querySelector("[data-unsent]") // not in the administration
  const underWay = new Map() // form -> the button that was pressed, and the timers

  const mark = (button) => {
    button?.setAttribute("aria-busy", "true")
    const label = button?.querySelector("[data-busy]")
    if (!label) return
    label.dataset.idle = label.textContent
    label.textContent = label.dataset.busy
  }

  const unmark = (button) => {
    button?.removeAttribute("aria-busy")
    const label = button?.querySelector("[data-idle]")
    if (!label) return
    label.textContent = label.dataset.idle
    delete label.dataset.idle
  }

  const begin = (form, button) => {
    const timers = [
      setTimeout(mark, LONG, button),
      setTimeout(over, "download" in form.dataset ? DOWNLOAD : LONGEST, form),
    ]
    underWay.set(form, { button, timers })
  }

  const over = (form) => {
    const { button, timers } = underWay.get(form) ?? { timers: [] }
    for (const timer of timers) clearTimeout(timer)
    unmark(button)
    underWay.delete(form)
  }

  // A browser calls itself offline also on a laptop that runs Homeroom itself.
  const ask = async () => {
    isReachable = navigator.onLine
    if (!isReachable) isReachable = await fetch("/healthz", { cache: "no-store" }).then(() => true, () => navigator.onLine)
  }

  document.addEventListener("submit", (event) => {
    const form = event.target
    if (form.method === "dialog") return
    const isUnsent = !isReachable && unsent() !== null
    if (isUnsent || underWay.has(form)) {
      event.preventDefault()
      event.stopImmediatePropagation()
      if (!isUnsent) return
      document.querySelector("dialog:modal")?.close() // would hide the message from eyes and from screen readers
      unsent().hidden = false
      ask() // for the next press: no event tells that such a server is there again
      return
    }
    if (form.method === "post") begin(form, event.submitter)
  }, true)

  ask()
  addEventListener("offline", ask)
  addEventListener("online", () => {
    ask()
    unsent()?.setAttribute("hidden", "")
  })

  // After a log-out, a poll is answered with the log-in page. The answer to a form that is under way goes first.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { xhr } = event.detail
    const leads = xhr.getResponseHeader("HX-Redirect") ?? xhr.getResponseHeader("HX-Refresh")
    if (leads && underWay.size > 0 && !underWay.has(event.target)) event.preventDefault()
  })

  document.addEventListener("htmx:afterRequest", ({ target }) => over(target))

  addEventListener("pageshow", () => { for (const form of [...underWay.keys()]) over(form) })
})()
