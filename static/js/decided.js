// "Recent decisions": an Undo that has come with an answer takes no press in its first second (J10).
document.addEventListener("htmx:afterRequest", () => {
  document.querySelector("#decided")?.dispatchEvent(new Event("many-changed", { bubbles: true }))
})
