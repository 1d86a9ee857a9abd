// data-share="address": opens the device's share sheet. If the browser has none, the button is hidden.
if (navigator.share) {
  document.documentElement.dataset.canShare = ""
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-share]")
  if (!button) return

  try {
    await navigator.share({ title: button.dataset.shareTitle, url: button.dataset.share })
  } catch (closed) {
    if (closed.name !== "AbortError") throw closed
  }
})
