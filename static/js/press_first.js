// data-poll="#board": a poll that draws this part of the page anew. A press in it is answered first: nothing is asked meanwhile,
// and what was asked before is given up. It would be older than the press, and replace the form to which the answer belongs.
const poll = () => document.querySelector("[data-poll^='#']")
let underWay = 0

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target === poll() && underWay > 0) event.preventDefault()
})

document.addEventListener("htmx:beforeSend", ({ target, detail: { xhr } }) => {
  if (!poll() || target === poll() || !target.closest(poll().dataset.poll)) return
  underWay += 1
  xhr.addEventListener("loadend", () => { underWay -= 1 })
  htmx.trigger(poll(), "htmx:abort")
})
