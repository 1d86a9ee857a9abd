// data-asked: the pop-up stands open in the page; with a script it comes to the front and keeps the focus (J6).
const dialog = document.querySelector("dialog[data-asked]")

if (dialog?.open) { // not closed already, while this script was on its way
  dialog.close()
  dialog.showModal()
}
