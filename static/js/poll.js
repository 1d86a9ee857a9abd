// data-poll: asks every few seconds, but not from a hidden tab; says so when nobody answers, or an act is refused.
// htmx's own trigger filters need eval, which the Content-Security-Policy forbids.
const isPoll = (event) => event.detail.elt.matches("[data-poll]")
const offline = document.querySelector("[data-offline]")
const refused = document.querySelector("[data-refused]")

document.addEventListener("htmx:beforeRequest", (event) => {
  if (isPoll(event) && document.hidden) event.preventDefault()
})

document.addEventListener("htmx:sendError", () => { offline.hidden = false })

document.addEventListener("htmx:responseError", (event) => { refused.hidden = isPoll(event) })

document.addEventListener("htmx:afterOnLoad", (event) => {
  offline.hidden = true
  if (event.detail.successful) refused.hidden = true
})
