// data-poll: asks every few seconds, but not from a hidden tab; says so when nobody answers, or an act is refused.
// htmx's own trigger filters need eval, which the Content-Security-Policy forbids.
const isPoll = (event) => event.detail.elt.matches("[data-poll]")
const offline = document.querySelector("[data-offline]")
const refused = document.querySelector("[data-refused]")
const lost = document.querySelector("[data-lost]")
const loggedOut = document.querySelector("[data-logged-out]")

// An act's own sentence stays until another act is answered: what the page asks by itself says nothing about it.
const isAct = (event) => event.detail.requestConfig.verb !== "get"

document.addEventListener("htmx:beforeRequest", (event) => {
  if (isPoll(event) && document.hidden) event.preventDefault()
})

document.addEventListener("htmx:sendError", (event) => { (isAct(event) ? lost : offline).hidden = false })

document.addEventListener("htmx:responseError", (event) => { if (isAct(event)) refused.hidden = false })

document.addEventListener("htmx:afterOnLoad", (event) => {
  offline.hidden = true
  if (event.detail.successful && isAct(event)) refused.hidden = lost.hidden = true
})

// data-offered-again: a form that comes back as it was typed, once it is pressed after a log-out. What is being typed into
// it stays on the page, where the answer to a poll would lead to the log-in.
const isTyped = (form) => form.dataset.offeredAgain ||
  [...form.querySelectorAll("input:not([type=checkbox])")].some(({ value, defaultValue }) => value !== defaultValue)

document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (!isPoll(event)) return
  const leadsAway = event.detail.xhr.getResponseHeader("HX-Redirect") !== null
  loggedOut.hidden = !leadsAway || ![...document.querySelectorAll("[data-offered-again]")].some(isTyped)
  if (!loggedOut.hidden) event.preventDefault()
})
