// data-copy="text": copies the text and says so next to the button, where a screen reader reads it too.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]")
  if (!button) return

  const status = button.parentElement.querySelector("[data-copied]")
  try {
    await navigator.clipboard.writeText(button.dataset.copy)
    status.textContent = "Copied"
  } catch {
    status.textContent = "Select it and copy it by hand"
  }
  setTimeout(() => { status.textContent = "" }, 4000)
})
