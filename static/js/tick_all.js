// data-tick-all="request": ticks all boxes of that name in the same form, and is ticked itself once all of them are.
const boxes = (all) => [...all.form.elements].filter((box) => box.name === all.dataset.tickAll)

document.addEventListener("change", ({ target }) => {
  if (target.dataset.tickAll) {
    for (const box of boxes(target)) box.checked = target.checked
    return
  }
  const all = target.form?.querySelector("[data-tick-all]")
  if (!all) return
  all.checked = boxes(all).every((box) => box.checked)
  target.scrollIntoView({ block: "nearest" }) // the acts for the ticked may have come over it
})
