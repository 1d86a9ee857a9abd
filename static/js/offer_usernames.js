// data-offers: buttons with usernames made of the name that was typed, until a username is typed, and after one was refused.
// They end in two digits, so they are probably free. After "taken", data-free has those that the server has found free.
// Pressing one fills in the field and goes on to the password. Until there is a name, a hint keeps their place.
const offers = document.querySelector("[data-offers]")
const { username, first_name: first, last_name: last, password1: password } = offers?.closest("form").elements ?? {}
const digits = () => [0, 0].map(() => 2 + Math.floor(Math.random() * 8)).join("")
const [one, two] = [digits(), digits()]
const plain = ({ value }) => value.normalize("NFD").toLowerCase().replace(/[^a-z0-9]/g, "").slice(0, 20)

const made = () => {
  const [name, initial] = [plain(first), plain(last)[0]]
  return name ? [initial ? `${name}.${initial}${one}` : `${name}${one}`, `${name}${two}`] : []
}

const hint = offers?.firstElementChild
const buttonOf = (name) => {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: name, translate: false })
  button.className = "button button--small mono"
  button.dataset.offer = name
  return button
}
const offer = (names) => offers.replaceChildren(...(names.length || username.value ? names.map(buttonOf) : [hint]))

if (offers) {
  const free = offers.dataset.free?.split(" ").filter(Boolean) ?? []
  offer(free.length ? free : username.value && !username.matches("[aria-invalid]") ? [] : made())
  for (const field of [first, last]) field.addEventListener("input", () => { if (!username.value) offer(made()) })
  offers.addEventListener("click", ({ target }) => {
    if (!target.dataset.offer) return
    username.value = target.dataset.offer
    password.focus()
  })
}
