// input[name=time_zone]: the browser knows where it is, so that a new account's pages show the right hours.
const field = document.querySelector("input[type=hidden][name=time_zone]")

if (field) field.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? ""
