"""Signals to the apps above this one. Those about acts are sent inside the transaction of the act (ADR 5)."""

from django.contrib.auth.signals import user_login_failed
from django.dispatch import Signal

# sender: User, user. Sent before the user's row is locked, because the rows of classes are locked first (ADR 3).
renaming = Signal()
# sender: User, request, user. Sent when somebody has typed the right password of an account that is closed.
closed_account_tried = Signal()
# sender: User, people: a queryset. Sent before their accounts are closed, and before an operator is asked about that. A
# receiver returns what they leave behind, as LeftBehind, or None.
closing = Signal()
# sender: Notification, user, notifications: a list, all of this user. Sent when somebody reads them, or when they are
# mailed. A receiver sets the `current` of those that it knows more about.
notifications_read_out = Signal()
# sender: Notification, notification. Sent when somebody opens it. A receiver returns a FollowUp, or None.
notification_opened = Signal()
renamed = Signal()  # sender: User, rename


def send_login_failed(reason):
    """Send Django's user_login_failed with a reason. It carries nobody's name."""
    user_login_failed.send(sender=__name__, credentials={}, request=None, reason=reason)
