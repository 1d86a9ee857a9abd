from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models import Notification
from classroom.models import Event
from joins.moments import moment


def ask_again_after(denials) -> timedelta:
    """How long who was denied so often, this time included, waits before asking again (Q6, T50)."""
    return settings.ASK_AGAIN_AFTER if denials == 1 else settings.ASK_AGAIN_AFTER_SECOND


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
        classroom = join_request.classroom
        return Notification.to(
            join_request.user,
            text=self._told(join_request),
            link=classroom.path if self == Decision.APPROVE else "/",
            topic=classroom.public_id,
            mail_after=timedelta(),
        )

    def _told(self, join_request):
        name = join_request.class_name
        if self == Decision.APPROVE:
            return f"You have been let in: you are in {name} now."
        teacher = "its teacher" if join_request.user.is_teacher else "your teacher"
        said_no = f"{teacher.capitalize()} said no to your request to join {name}"
        if self == Decision.KEEP_OUT:
            return f"{said_no}, and you can't join it right now. If you think this is a mistake, talk to {teacher}."
        with timezone.override(join_request.user.zone):
            again = moment(timezone.now() + ask_again_after(join_request.denials + 1))
        return f"{said_no}. You can ask again from {again}. Not sure why? Talk to {teacher}."
