from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import Notification
from classroom.models import Event
from joins.moments import moment


class Status(models.TextChoices):
    """What became of a join request. Only a pending one changes."""

    PENDING = "pending", "waits"
    APPROVED = "approved", "let in"
    DENIED = "denied", "denied"
    WITHDRAWN = "withdrawn", "withdrawn"
    ADMITTED = "admitted", "came in by an unlocked Code"


class Decision(models.TextChoices):
    """What a manager answers to a join request."""

    APPROVE = "approve"
    DENY = "deny"
    KEEP_OUT = "keep-out"

    @property
    def events(self):
        """What the history says of it."""
        return {
            Decision.APPROVE: [Event.Kind.APPROVE_REQUEST],
            Decision.DENY: [Event.Kind.DENY_REQUEST],
            Decision.KEEP_OUT: [Event.Kind.DENY_REQUEST, Event.Kind.KEEP_OUT],
        }[self]

    def result(self, join_request):
        """The notification to the requester, not yet saved (Q4); with the class's name as they knew it (T10)."""
        name = join_request.class_name
        with timezone.override(join_request.user.zone):
            again = moment(timezone.now() + settings.ASK_AGAIN_AFTER)
        text = {
            Decision.APPROVE: f"You have been let in: you are in {name} now.",
            Decision.DENY: f"Your request to join {name} was denied. You can ask again from {again}.",
            Decision.KEEP_OUT: f"Your request to join {name} was denied, and you cannot join it at present.",
        }[self]
        classroom, user = join_request.classroom, join_request.user
        link = classroom.path if self == Decision.APPROVE else "/"
        mail_at = Now() if user.email else None
        return Notification(user=user, text=text, link=link, topic=classroom.public_id, mail_at=mail_at)
