"""What a Code does for whoever uses it."""

from django.apps import apps
from django.db import models
from django.db.models.functions import Now

from accounts.transactions import again_if_broken_off
from classroom.models import Classroom, Door, Event
from classroom.models.compiled import compiled
from joins.exceptions import UnknownCode
from joins.models.asking import comings, demand_few
from joins.models.crowd import CrowdQuerySet, tell_crowd
from joins.models.join_request import JoinRequest

DECIDING = ["id", "is_unlocked", "is_due", "knock", "is_set_aside", "members", "room", "times"]


class EntryQuerySet(CrowdQuerySet):
    def with_code(self, code):
        """The only look-up by Code, so that the way Codes are stored can change."""
        return self.filter(code=code)

    def with_knock_of(self, user):
        """Adds what is between the user and the class: `knock`, the number of their pending request, or None (J8);
        `is_set_aside`; and `times`, how often they have come lately.
        """
        mine = JoinRequest.objects.filter(user=user, classroom=models.OuterRef("classroom"))
        return self.annotate(
            knock=models.Subquery(mine.pending().values("pk")),
            is_set_aside=models.Subquery(mine.latest_is_set_aside()),
            times=comings(models.OuterRef("classroom"), user),
        )

    @again_if_broken_off
    def redeem(self, code, by, at=None):
        """Let `by` in at once (returns the class), or queue them if the Code is locked (JoinRequest).

        `at` is the number of its class, where the caller has looked it up already. Raises UnknownCode, also for a
        retired one; AlreadyMember, KeptOut, DoorsShut, CameTooOften, and what JoinRequest.objects.ask() does.
        """
        at = at or next(iter(self.current().with_code(code).values_list("classroom", flat=True)[:1]), None)
        if at is None:
            raise UnknownCode
        try:
            with Classroom(pk=at).one_at_a_time() as classroom:
                # Read again under the lock: it may have been reset, or locked, while we waited (K8, T78).
                join_code = as_it_is_now(code, by)
                if join_code is None:
                    raise UnknownCode
                classroom.demand_door(by, hold=True)
                return join_code.admit(classroom, by)
        except Classroom.DoesNotExist:
            raise UnknownCode from None


def as_it_is_now(code, by):
    """The current Code with all that decides what it does for `by`, in one statement; or None (K8, T78)."""
    row = _deciding(code, by.pk)
    if row is None:
        return None
    join_code = apps.get_model("joins.JoinCode")(code=code)
    vars(join_code).update(zip(DECIDING, row, strict=True))
    return join_code


@compiled
def _deciding(code, user):
    current = apps.get_model("joins.JoinCode").objects.current().with_code(code)
    return current.with_state().with_knock_of(user).with_members().values_list(*DECIDING)


class Entry:
    """A part of JoinCode."""

    def admit(self, classroom, by):
        """What this Code, as it is now, does for `by`: the class, entered (J1), or a JoinRequest (J2)."""
        if self.is_due:
            classroom.join_codes.due().stamp()  # the first look after the moment makes the lock stick (F21)
        if self.is_unlocked and self.members >= self.most_members(classroom):
            self._lock_crowded(classroom)
        if not self.is_unlocked or self.is_set_aside:
            return JoinRequest.objects.ask(classroom, by, Door.CODE, join_code=self)
        demand_few(self.times)
        if self.knock:
            JoinRequest(pk=self.knock, classroom=classroom, user=by).close(JoinRequest.Status.ADMITTED)  # J8
        classroom.enroll([(by, Door.CODE, self.code)])
        classroom.record(Event.Kind.JOIN, by, door=Door.CODE, code=self.code)
        return classroom

    def most_members(self, classroom):
        """With so many plain members in the class, whoever comes next knocks (T30)."""
        return max(classroom.most_members, self.room or 0)

    def _lock_crowded(self, classroom):
        """More came than the class expects: lock, and tell the managers at once (T30). The class's row is locked."""
        type(self).objects.filter(pk=self.pk).update(locked_at=Now(), crowded=True)
        classroom.record(Event.Kind.LOCK_CROWDED_CODE, by=None, code=self.code)
        tell_crowd(classroom)
        self.is_unlocked = False
