// data-pick-file: fills the field of the form with the text of a file. The file stays on this computer; only the text is
// sent, when the form is. Programs of schools write UTF-8, UTF-16, or the letters of Windows.
const LARGEST = 60_000 // bytes; a form holds no more
// No text has these, but pictures, workbooks and documents do. Old programs end a text with \x1a.
const NO_TEXT = /[\x01-\x08\x0e-\x19\x1b-\x1f]/

const decode = (bytes) => {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes)
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder("windows-1252").decode(bytes)
  }
}

const refusalOf = (text) => {
  if (NO_TEXT.test(text)) return "isn't a text file. Save it as CSV, or copy the names into the field."
  if (new Blob([text]).size > LARGEST) return "is too big. Copy the lines of your class into the field."
  return text.trim() ? null : "is empty."
}

for (const label of document.querySelectorAll("[data-pick-file]")) {
  label.hidden = false
  label.addEventListener("change", async ({ target }) => {
    const [file] = target.files
    if (!file) return
    const form = label.closest("form")
    const said = form.querySelector("[data-picked]")
    const field = form.querySelector("textarea")
    const text = decode(new Uint8Array(await file.arrayBuffer())).replaceAll("\0", "")
    target.value = "" // so that the same file can be chosen again
    const refusal = refusalOf(text)
    if (refusal) {
      said.textContent = `${file.name} ${refusal}`
      return
    }
    field.value = text
    field.setSelectionRange(0, 0)
    field.focus()
    field.scrollTop = 0
    said.textContent = `The field has the text of ${file.name} now.`
  })
}
