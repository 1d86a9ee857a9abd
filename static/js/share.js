// data-share="address": opens the device's share sheet. If the browser has none, the button is hidden.
if (navigator.share) {
  document.documentElement.dataset.canShare = ""
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-share]")
  if (!button) return

  try {
    await navigator.share({ title: button.dataset.shareTitle, url: button.dataset.share })
  } catch (refused) {
    // The person has closed the sheet, or it is still open after the first press of a double click.
    if (!["AbortError", "InvalidStateError"].includes(refused.name)) throw refused
  }
})
