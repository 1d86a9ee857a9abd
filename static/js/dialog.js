// data-asked: the dialog is open in the HTML. This makes it modal, so that it is in front and keeps the focus (J6). If there are
// several, each comes when the one before it has been closed: one press of Escape would close all that are open. The focus is on
// its button, but what it says is read first: zoomed in, it would open at its end.
const asked = [...document.querySelectorAll("dialog[data-asked][open]")] // the person may have closed one before

const showNext = () => {
  const dialog = asked.shift()
  dialog?.showModal()
  dialog?.scrollTo(0, 0)
}

for (const dialog of asked) {
  dialog.open = false
  dialog.addEventListener("close", showNext)
}
showNext()
