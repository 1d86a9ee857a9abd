"""What people read in their notifications."""

from accounts.models import Notification


def notification_texts(user):
    """What all their notifications say now, oldest first."""
    return _sentences(user, user.notifications)


def unread_texts(user):
    """What their unread notifications say now, oldest first."""
    return _sentences(user, user.notifications.unread())


def _sentences(user, notifications):
    return [one.sentence for one in Notification.read_out(user, notifications.order_by("pk"))]
