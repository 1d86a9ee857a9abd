// data-pick-file: fills the field of the form with the text of a file. The file stays on this computer; only the text is
// sent, when the form is. Programs of schools write UTF-8, UTF-16, or the letters of Windows.
const LARGEST = 60_000 // bytes; a form holds no more

const decode = (bytes) => {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes)
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder("windows-1252").decode(bytes)
  }
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
    if (new Blob([text]).size > LARGEST) {
      said.textContent = `${file.name} is too big. Copy the lines of your class into the field.`
      return
    }
    field.value = text
    field.setSelectionRange(0, 0)
    field.focus()
    field.scrollTop = 0
    said.textContent = `The field has the text of ${file.name} now.`
  })
}
