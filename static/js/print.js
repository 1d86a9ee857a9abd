// data-print: opens the browser's print dialog. Without JavaScript the button is hidden.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print()
})
