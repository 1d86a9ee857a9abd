// A row of the approval queue that can't go yet, because a pointer or the focus is there, although nobody waits in it any more:
// it says so instead of offering buttons. Like a decided row, it keeps its place and for a while its height (J10).
document.addEventListener("gone", ({ target: row }) => {
  const sentence = document.createElement("p")
  sentence.textContent = `${row.querySelector("bdi").textContent} isn't waiting any more.`
  const hadFocus = row.contains(document.activeElement)
  row.style.minBlockSize = `${row.getBoundingClientRect().height}px`
  row.classList.add("request--decided")
  row.dataset.decided = row.dataset.request
  delete row.dataset.request
  row.tabIndex = -1
  row.replaceChildren(sentence)
  if (hadFocus) row.focus({ preventScroll: true })
})
