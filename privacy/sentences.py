"""What the notification says that an account will be deleted."""

from accounts.notification_kinds import register

IN_NO_CLASS = register(
    "in-no-class",
    "You have been in no class for a year. Your account will be deleted in %(days)d days, unless you log in once more "
    "or join a class.",
)
