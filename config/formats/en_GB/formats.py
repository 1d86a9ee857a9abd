"""How Django writes moments where nobody says how, for example in the admin: "29 Nov 2026, 17:53"."""

DATE_FORMAT = "j M Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j M Y, H:i"
