// data-waiting: how many people wait for a manager. The tab's title begins with it, so that it can be seen from another tab.
// On a page with an error, the title begins with that instead.
const title = document.title // as it came: the name of a class may begin with a number in brackets, too
const showWaiting = () => {
  const waiting = document.querySelector("[data-waiting]")?.dataset.waiting
  document.title = Number(waiting) && !title.startsWith("Error: ") ? `(${waiting}) ${title}` : title
}

// Not afterSwap: after that, htmx sets the title of the page that a part came from.
document.addEventListener("htmx:afterSettle", showWaiting)
showWaiting()
