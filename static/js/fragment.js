// data-code-from-address: a printed QR carries the Code behind the #, which no server sees (K10).
// It fills the field and leaves the address at once; the press remains the person's own.
const field = document.querySelector("[data-code-from-address] input[name=code]")
const code = decodeURIComponent(location.hash.slice(1))

if (field && code) {
  field.value = code
  history.replaceState(null, "", location.pathname + location.search)
}
