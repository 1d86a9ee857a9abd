// input[name=time_zone]: fills in the browser's time zone, so that a new account sees its own local times.
const field = document.querySelector("input[type=hidden][name=time_zone]")

if (field) field.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? ""
