// data-asked: the dialog is open in the HTML. This makes it modal, so that it is in front and keeps the focus (J6).
const dialog = document.querySelector("dialog[data-asked]")

if (dialog?.open) { // the person may have closed it before this script had loaded
  dialog.close()
  dialog.showModal()
}
