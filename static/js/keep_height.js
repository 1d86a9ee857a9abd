// A row that an answer replaces is as high as the row before it, so that no other row moves (J10).
document.addEventListener("htmx:oobBeforeSwap", ({ detail: { target, fragment } }) => {
  if (!target.matches("li")) return
  fragment.firstElementChild.style.minBlockSize = `${target.getBoundingClientRect().height}px`
})
