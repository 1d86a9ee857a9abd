"""What people read in their notifications."""


def notification_texts(user):
    """The texts of all their notifications, oldest first."""
    return list(user.notifications.order_by("pk").values_list("text", flat=True))
