from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from classroom.models import Event, Membership
from joins import codes
from joins.exceptions import CodeChanged, CodeLocked
from joins.models.clock import unlocked_for
from joins.models.crowd import room_in, tell_leak
from joins.models.entry import Entry, EntryQuerySet
from joins.models.join_request import JoinRequest


class JoinCodeQuerySet(EntryQuerySet):
    def of_open_classes(self):
        """Of classes that somebody looks after and that are not archived (C4, C6)."""
        managed = Membership.objects.managers().filter(classroom=models.OuterRef("classroom"))
        return self.filter(models.Exists(managed), classroom__archived_at=None)

    def of(self, classroom):
        """The class's current Code, with its state."""
        return self.current().with_state().select_related("locked_by").get(classroom=classroom)

    def issue(self, classroom, by):
        """Make a new unlocked Code, never issued before (K1, K2, K4). The class's row is locked, or not yet visible."""
        issued = (
            JoinCode.objects.aggregate(issued=models.Max("pk"))["issued"] or 0
        )  # no row is ever deleted (K4)
        code = codes.new(issued)
        while JoinCode.objects.filter(code=code).exists():
            code = codes.new(issued)
        opened = unlocked_for(classroom.now()) | room_in(classroom)
        return self.create(classroom=classroom, code=code, created_by=by, **opened)


class JoinCode(Entry, models.Model):
    """The private key of a class. One row for every Code ever issued; exactly one of a class is current."""

    # Empty once the class is deleted: the Code stays, so that it is never issued again (K4).
    classroom = models.ForeignKey(
        "classroom.Classroom", models.SET_NULL, null=True, blank=True, related_name="join_codes"
    )
    code = models.CharField(max_length=16, unique=True)
    created_at = models.DateTimeField(db_default=Now())
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    locks_at = models.DateTimeField()
    locked_at = models.DateTimeField(null=True, blank=True)
    # Empty beside a locked_at: the clock.
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # It locked itself because more came than expected (T30).
    crowded = models.BooleanField(default=False, db_default=False)
    # How many members its class may have although that is more than half as many again as expected.
    room = models.PositiveIntegerField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = JoinCodeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["classroom"], condition=models.Q(retired_at=None), name="one_current_code"
            ),
            models.CheckConstraint(
                condition=models.Q(retired_at=None, retired_by=None, classroom__isnull=False)
                | models.Q(retired_at__isnull=False, retired_by__isnull=False),
                name="join_code_retired_at_and_by",
            ),
            models.CheckConstraint(
                condition=models.Q(locked_by=None) | models.Q(locked_at__isnull=False),
                name="join_code_locked_by_has_locked_at",
            ),
            models.CheckConstraint(
                condition=models.Q(crowded=False) | models.Q(locked_at__isnull=False, locked_by=None),
                name="join_code_crowded_locked_itself",
            ),
        ]
        indexes = [
            models.Index(
                fields=["locks_at"], condition=models.Q(retired_at=None, locked_at=None), name="codes_to_lock"
            )
        ]

    def __str__(self):
        return f"Code of {self.classroom}"

    @property
    def shown(self):
        return codes.shown(self.code)

    @property
    def state(self):
        """What `data-code-state` says, as the database's clock saw it; needs with_state()."""
        return "unlocked" if self.is_unlocked else "locked"

    def walked_in(self, since=None):
        """The plain members who came by this Code, at `since` or later, and whom no manager let in; latest first."""
        let_in = JoinRequest.objects.filter(join_code=self, status=JoinRequest.Status.APPROVED)
        return self.classroom.memberships.came_by(self.code, since).exclude(user__in=let_in.values("user"))

    def lock(self, by):
        """Nobody walks in by it from now on; whoever has it knocks. The second time changes nothing (K7)."""
        with self._held("lock_code", by) as (classroom, unlocked):
            if unlocked.update(locked_at=Now(), locked_by=by):
                classroom.record(Event.Kind.LOCK_CODE, by, code=self.code)

    def lock_at(self, by, until):
        """Choose when it locks by itself: any moment within the two weeks (K7). The second time changes nothing.

        Raises CodeLocked, BadMoment.
        """
        with self._held("lock_code_at", by) as (classroom, unlocked):
            opened = unlocked_for(classroom.now(), until)
            if unlocked.filter(locks_at=until).exists():
                return
            if not unlocked.update(**opened):
                raise CodeLocked
            classroom.record(Event.Kind.LOCK_CODE_AT, by, code=self.code)

    def unlock(self, by, until=None):
        """The same Code walks in again, for two weeks from now or until `until`; who waits still waits (K7).

        On an unlocked Code it starts the time anew; pressed twice, once. Raises BadMoment.
        """
        with self._held("unlock_code", by) as (classroom, unlocked):
            opened = unlocked_for(classroom.now(), until) | room_in(classroom)
            just = classroom.events.just_now(Event.Kind.UNLOCK_CODE, by, code=self.code)
            near = opened["locks_at"] - timedelta(minutes=1), opened["locks_at"]
            if just.exists() and unlocked.filter(locks_at__range=near).exists():
                return
            mine = JoinCode.objects.filter(pk=self.pk)
            mine.update(locked_at=None, locked_by=None, crowded=False, **opened)
            classroom.record(Event.Kind.UNLOCK_CODE, by, code=self.code)

    def reset(self, by):
        """Retire this Code and issue a new, unlocked one, which is returned; members and requests stay (K8).

        Raises CodeChanged where this one is retired already: a second press must not kill the new Code.
        """
        with self._held("reset_code", by) as (classroom, _):
            return self._replace(classroom, by)

    def report_leak(self, by, since=None, keep=()):
        """Retire this Code, issue a new, locked one, and set aside who came by this one at `since` or later (T30).

        If it has been reset already, who came by it is still in the class: the Code that is current is locked. The
        users whose numbers are in `keep` stay. Returns how many were set aside. Raises CodeChanged the second time.
        """
        with self.classroom.one_at_a_time("report_leak", by) as classroom:
            classroom.demand_open(by)
            mine = JoinCode.objects.filter(pk=self.pk)
            is_current = mine.current().exists()
            if not is_current and self.leak_reported().exists():
                raise CodeChanged
            mine.due().stamp()
            classroom.record(Event.Kind.REPORT_LEAK, by, code=self.code)
            fresh = self._replace(classroom, by) if is_current else JoinCode.objects.of(classroom)
            fresh.lock(by)
            gone = self.walked_in(since).exclude(user__in=keep)
            people = JoinRequest.objects.set_aside_all(classroom, gone, by)
            tell_leak(classroom, by, len(people))
        return len(people)

    def leak_reported(self, **by):
        """The report that this Code had leaked; there is at most one."""
        return self.classroom.events.filter(kind=Event.Kind.REPORT_LEAK, code=self.code, **by)

    def _replace(self, classroom, by):
        JoinCode.objects.filter(pk=self.pk).update(retired_at=Now(), retired_by=by)
        fresh = JoinCode.objects.issue(classroom, by)
        classroom.record(Event.Kind.RESET_CODE, by, code=fresh.code)
        return fresh

    @contextmanager
    def _held(self, right, by):
        """Hold the class; yields it and this Code's row if unlocked. What the clock did first is written first."""
        with self.classroom.one_at_a_time(right, by) as classroom:
            classroom.demand_open(by)
            mine = JoinCode.objects.filter(pk=self.pk)
            if not mine.current().exists():
                raise CodeChanged
            mine.due().stamp()
            yield classroom, mine.unlocked()
