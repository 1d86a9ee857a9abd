from datetime import timedelta

from django.db import models
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.models import Notification
from classroom.models import Membership
from classroom.models.compiled import compiled
from joins.models.clock import ClockQuerySet

DECIDING = ["id", "is_unlocked", "is_due", "knock", "is_set_aside", "members", "room"]


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


class CrowdQuerySet(ClockQuerySet):
    """A Code that was given to a crowd (T30)."""

    def with_members(self):
        """Adds `members`: how many plain members the Code's class has. Read under its lock, it stays true (T82)."""
        there = Membership.objects.plain().filter(classroom=models.OuterRef("classroom")).order_by()
        counted = there.values("classroom").annotate(n=models.Count("pk")).values("n")
        return self.annotate(members=Coalesce(models.Subquery(counted), 0))

    def as_it_is_now(self, code, by):
        """The current Code with all that decides what it does for `by`, in one statement; or None (K8, T78)."""
        row = self._deciding(code, by.pk)
        if row is None:
            return None
        join_code = self.model(code=code)
        vars(join_code).update(zip(DECIDING, row, strict=True))
        return join_code

    @compiled
    def _deciding(self, code, user):
        found = self.current().with_code(code).with_state().with_knock_of(user).with_members()
        return found.values_list(*DECIDING)
