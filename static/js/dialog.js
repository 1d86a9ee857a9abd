// data-asked: the dialog is open in the HTML. This makes it modal, so that it is in front and keeps the focus (J6). If there are
// several, each comes in front of the next.
for (const dialog of [...document.querySelectorAll("dialog[data-asked]")].reverse()) {
  if (!dialog.open) continue // the person may have closed it before this script had loaded
  dialog.close()
  dialog.showModal()
}
