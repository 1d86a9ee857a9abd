// data-code-from-address: a printed QR code has the class's Code after the #, which browsers send to no server (K10).
// This fills in the field and removes the Code from the address, also if the page was open already; people still press the
// button themselves. Something else after the #, such as the #main of "Skip to the content", stays there.
// data-joins-as: "Not you? Log out." beside the field leads back to it, and takes the Code along in the same way: it belongs to
// the person who has just typed or scanned it, on a computer where somebody else is still logged in.
const CODE = /^#(?:[B-DF-HJ-NP-TV-XZ]-?){9,}$/i // typed by hand, perhaps as on the board
const field = document.querySelector("[data-code-from-address] input[name=code]")

const fillIn = () => {
  if (!field || !CODE.test(location.hash)) return
  field.value = location.hash.slice(1)
  history.replaceState(history.state, "", location.pathname + location.search)
}

fillIn()
addEventListener("hashchange", fillIn)

document.addEventListener("submit", ({ target }) => {
  if (!field || !("joinsAs" in target.dataset)) return
  const code = `#${field.value.replace(/[^a-z]/gi, "").toUpperCase()}`
  if (CODE.test(code)) target.elements.next.value = location.pathname + code
})
