// data-print: the browser's own print window. The button is hidden where no script runs.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print()
})
