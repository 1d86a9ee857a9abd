// data-ticks-in="/classes/…/members/": the form whose boxes stay ticked when the list at this address is sorted, searched or
// paged, and on the way back to it. So the page's address, and all links to the list with its boxes, name who is ticked.
const form = document.querySelector("[data-ticks-in]")
const ticked = () => new FormData(form).getAll("member")

const withTicks = (address) => {
  const url = new URL(address, location)
  url.searchParams.delete("member")
  for (const pk of ticked()) url.searchParams.append("member", pk)
  return url
}

if (form) {
  const list = form.dataset.ticksIn

  document.addEventListener("change", ({ target }) => {
    if (target.form !== form) return
    history.replaceState(history.state, "", withTicks(list + location.search))
    for (const link of document.links) {
      if (link.pathname === list && link.search.includes("choose=")) link.href = withTicks(link)
    }
  })

  document.addEventListener("formdata", ({ target, formData }) => {
    if (!target.matches("[role=search]")) return
    formData.delete("member")
    for (const pk of ticked()) formData.append("member", pk)
  })
}
