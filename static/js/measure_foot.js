// --foot: how high the messages at the foot of the screen are. What else stays in sight there stands above them, and what
// has the focus is scrolled above them.
const atFoot = document.querySelectorAll(".flash, .offline")
const measure = () => {
  const heights = [...atFoot].map((part) => part.offsetHeight)
  document.documentElement.style.setProperty("--foot", `${Math.max(0, ...heights)}px`)
}
const observer = new ResizeObserver(measure)
for (const part of atFoot) observer.observe(part)
