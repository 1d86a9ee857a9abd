"""What the notifications say that an administrator causes."""

from accounts.notification_kinds import register

NAME_CORRECTED = register(
    "name-corrected-by-administrator", "An administrator of this site changed your name to %(new_name)s."
)
PASSWORD_GIVEN = register(
    "password-given-by-administrator",
    "An administrator of this site has given you a one-time password. You were logged out everywhere.",
)
