from datetime import timedelta

from django.db import models
from django.urls import reverse

from accounts.models import Notification
from classroom.models import Membership
from joins.models.clock import ClockQuerySet
from joins.models.counted import how_many


def room_in(classroom):
    """The field of a Code that is opened although more are in already than its class expects: half as many again.

    So whoever unlocks it after a crowd, or has a new one, is never stuck, and a second crowd is noticed too (T30).
    """
    members = classroom.memberships.plain().count()
    return {"room": members + classroom.half_again if members >= classroom.most_members else None}


def tell_crowd(classroom):
    """Tell the managers, by mail at once too; the page behind the link shows who came (T30, T35)."""
    Notification.objects.tell(
        classroom.managers(),
        text=f"More came into {classroom.name} than you expect, so its Code has locked itself. "
        "Whoever uses it now asks to join.",
        link=reverse("joins:today", args=[classroom.public_id]),
        topic=classroom.public_id,
        mail_after=timedelta(),
    )


def tell_leak(classroom, by, how_many):
    """Tell the other managers, as tell_crowd() does; of those who wait each is seen in the queue."""
    Notification.objects.tell(
        [user for user in classroom.managers() if user != by],
        text=f"{by.full_name} has reported that the Code of {classroom.name} had leaked. "
        f"There is a new one, locked; set aside and waiting for you: {how_many}.",
        link=reverse("joins:queue", args=[classroom.public_id]),
        topic=classroom.public_id,
        mentions=by,
        mail_after=timedelta(),
    )


class CrowdQuerySet(ClockQuerySet):
    """A Code that was given to a crowd (T30)."""

    def with_members(self):
        """Adds `members`: how many plain members the Code's class has. Read under its lock, it stays true (T82)."""
        there = Membership.objects.plain().filter(classroom=models.OuterRef("classroom"))
        return self.annotate(members=how_many(there, "classroom"))
