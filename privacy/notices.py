"""Every notification about an account that will be deleted."""

from datetime import timedelta

from accounts.models import Notification
from privacy import sentences


def in_no_class(users, days):
    """Warn them (T92)."""
    Notification.objects.notify(
        users, kind=sentences.IN_NO_CLASS, facts={"days": days}, link="/", mail_after=timedelta()
    )
