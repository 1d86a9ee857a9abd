// data-poll: an element that asks the server every few seconds. Does not ask from a hidden tab; shows messages if the
// server does not answer or refuses an act. htmx's own trigger filters need eval, which our Content-Security-Policy forbids.
const NOT_FOUND = 404
const isPoll = (event) => event.detail.elt.matches("[data-poll]")
const offline = document.querySelector("[data-offline]")
const refused = document.querySelector("[data-refused]")
const lost = document.querySelector("[data-lost]")
const loggedOut = document.querySelector("[data-logged-out]")

// The message about an act stays until the next act is answered; the answer to a poll does not hide it.
// A form with data-counts-again is only counted, whatever it is sent with.
const isAct = ({ detail }) => detail.requestConfig.verb !== "get" && !detail.elt.matches("[data-counts-again]")

document.addEventListener("htmx:beforeRequest", (event) => {
  if (isPoll(event) && document.hidden) event.preventDefault()
})

// What a poll has set off, but did not come, is asked for again: by then the poll itself has nothing new to tell.
const LATER = 5000
const missed = (event) => { if (!isAct(event) && !isPoll(event)) document.dispatchEvent(new Event("news-missed")) }

document.addEventListener("news-missed", () => setTimeout(() => htmx.trigger(document.body, "counts-changed"), LATER))

// What is asked for, but not by a press, isn't shown while a button or finger is down: what is pressed would be gone before it
// is let go, and the press lost.
const LONGEST_PRESS = 2000
let downAt = -Infinity
const again = new Set() // the events on which that is asked for again as soon as it is let go

document.addEventListener("pointerdown", () => { downAt = performance.now() }, true)
for (const end of ["pointerup", "pointercancel"]) {
  document.addEventListener(end, () => setTimeout(() => {
    downAt = -Infinity
    for (const name of again) htmx.trigger(document.body, name)
    again.clear()
  }), true)
}

// Nor where somebody has just selected text, to copy it.
const LONGEST_COPY = 15_000
let selectedAt = -Infinity
const isSelected = (part) => !getSelection().isCollapsed && getSelection().containsNode(part, true)

document.addEventListener("selectionchange", () => { selectedAt = performance.now() })

document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (event.detail.requestConfig.verb !== "get") return
  const isPressed = performance.now() - downAt < LONGEST_PRESS
  const isCopied = performance.now() - selectedAt < LONGEST_COPY && isSelected(event.detail.target)
  if (!isPressed && !isCopied) return
  event.preventDefault()
  if (isPressed) again.add(isPoll(event) ? "queue-changed" : "counts-changed")
  else missed(event)
})

document.addEventListener("htmx:sendError", (event) => {
  (isAct(event) ? lost : offline).hidden = false
  missed(event)
})

document.addEventListener("htmx:responseError", (event) => {
  if (isAct(event)) refused.hidden = false
  if (event.detail.xhr.status >= 500) missed(event)
  if (event.detail.elt.id === "asked" && event.detail.xhr.status === NOT_FOUND) location.reload() // the class of this Join URL is deleted
})

document.addEventListener("htmx:afterOnLoad", (event) => {
  offline.hidden = true
  if (event.detail.successful && isAct(event)) refused.hidden = lost.hidden = true
})

// data-offered-again: a form that, if it is sent after a log-out, comes back with what was typed. So while somebody types into
// it, a poll must not leave the page: neither for the log-in page, nor because somebody else has logged in. Nor if the class
// is gone (404), which the press will say.
const isTyped = (form) => form.dataset.offeredAgain ||
  [...form.querySelectorAll("textarea, input:not([type=checkbox])")].some(({ value, defaultValue }) => value !== defaultValue)

document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (!isPoll(event)) return
  const { xhr } = event.detail
  const leadsAway = (xhr.getResponseHeader("HX-Redirect") ?? xhr.getResponseHeader("HX-Refresh")) !== null
  const stays = leadsAway && [...document.querySelectorAll("[data-offered-again]")].some(isTyped)
  loggedOut.hidden = !stays || xhr.status === NOT_FOUND
  if (stays) event.preventDefault()
})
