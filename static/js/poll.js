// data-poll: asks every few seconds, but not from a hidden tab; says so when nobody answers, or an act is refused.
// htmx's own trigger filters need eval, which the Content-Security-Policy forbids.
const isPoll = (event) => event.detail.elt.matches("[data-poll]")
const offline = document.querySelector("[data-offline]")
const refused = document.querySelector("[data-refused]")
const lost = document.querySelector("[data-lost]")

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
