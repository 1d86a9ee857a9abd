"""What people read in their notifications, and notifications for tests to which it doesn't matter what they say."""

from accounts.models import Notification
from accounts.notification_kinds import register

OF_TESTS = register("of-tests", "%(words)s")


def saying(words):
    """Return the fields of a notification that says this."""
    return {"kind": OF_TESTS, "facts": {"words": words}}


def notification_texts(user):
    """What all their notifications say now, oldest first."""
    return _sentences(user, user.notifications)


def unread_texts(user):
    """What their unread notifications say now, oldest first."""
    return _sentences(user, user.notifications.unread())


def _sentences(user, notifications):
    return [one.sentence for one in Notification.read_out(user, notifications.order_by("pk"))]
