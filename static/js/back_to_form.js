// data-posted: a page that answers a form, for example with what is wrong in it. No browser may keep it (T62), so on the way
// back to it, or if it is loaded again, browsers would ask to send the form again. This lets them open its address instead.
// If that address belongs to a button only, the attribute's value is that of the page which the answer shows.
const posted = document.querySelector("[data-posted]")

if (posted) history.replaceState(history.state, "", posted.dataset.posted || location.href)
