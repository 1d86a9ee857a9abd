// data-code-from-address: a printed QR carries the Code behind the #, which no server sees (K10).
// It fills the field and leaves the address at once; the press remains the person's own. Anything else behind the # is no
// Code, such as the #main of "Skip to the content", and stays where it is.
const field = document.querySelector("[data-code-from-address] input[name=code]")
const [, code] = location.hash.match(/^#([B-DF-HJ-NP-TV-XZ]{9,})$/) ?? []

if (field && code) {
  field.value = code
  history.replaceState(null, "", location.pathname + location.search)
}
