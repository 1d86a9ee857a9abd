// data-code-from-address: a printed QR code has the class's Code after the #, which browsers send to no server (K10).
// This fills in the field and removes the Code from the address, also if the page was open already; people still press the
// button themselves. Something else after the #, such as the #main of "Skip to the content", stays there.
const field = document.querySelector("[data-code-from-address] input[name=code]")

const fillIn = () => {
  const [, code] = location.hash.match(/^#([B-DF-HJ-NP-TV-XZ]{9,})$/) ?? []
  if (!field || !code) return
  field.value = code
  history.replaceState(null, "", location.pathname + location.search)
}

fillIn()
addEventListener("hashchange", fillIn)
