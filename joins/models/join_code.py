from contextlib import contextmanager

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from accounts.models import Notification
from classroom.models import Event
from classroom.models.event import SECOND_PRESS_WITHIN
from joins import codes, notices
from joins.exceptions import CodeChanged, CodeLocked
from joins.models.join_code_queryset import JoinCodeQuerySet, crowd_limit_now, lock_times
from joins.models.join_request import JoinRequest


class JoinCode(models.Model):
    """The private key of a class. Every Code ever issued has a row; exactly one Code of a class is current
    (JoinCode.objects.get_current(classroom), and the constraint one_current_code). The end of docs/architecture.md
    lists what takes that for granted.

    The Codes of slips have rows here too, so that all Codes are one namespace (L4).

    Using one is acts.by_code.use_code(). It is locked by lock(), by too many people (acts.by_code), or by the clock
    (acts.clock). After a leak, acts.leak.report_leak() replaces it.
    """

    # Empty once the class is deleted. The Code stays, so that it is never issued again (K4).
    classroom = models.ForeignKey(
        "classroom.Classroom",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="join_codes",
        verbose_name="class",
    )
    code = models.CharField(max_length=16, unique=True)
    created_at = models.DateTimeField(db_default=Now())
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    locks_at = models.DateTimeField()
    locked_at = models.DateTimeField(null=True, blank=True)
    # A manager. Empty if the Code locked itself, or an operator locked every Code.
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # It's on a slip, and lets in one person. It is retired from the beginning, so it's never the class's Code (L4).
    is_of_slip = models.BooleanField(default=False, db_default=False, editable=False)
    # The Code locked itself because more people joined than the class expects (T30).
    crowded = models.BooleanField(default=False, db_default=False)
    # The Code locks itself at this number of plain members, if it is higher than the class's own most_members.
    crowd_limit = models.PositiveIntegerField(null=True, blank=True, db_column="room")
    warned_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True, verbose_name="replaced at")
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="replaced by",
    )

    objects = JoinCodeQuerySet.as_manager()

    class Meta:
        verbose_name = "Code"
        verbose_name_plural = "Codes"
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
                condition=models.Q(is_of_slip=False) | models.Q(retired_at__isnull=False),
                name="join_code_of_slip_is_retired",
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
    def in_threes(self):
        return codes.in_threes(self.code)

    @property
    def threes(self):
        return self.in_threes.split("-")

    @property
    def state(self):
        """The value of `data-code-state`, by the database's clock. Needs with_state()."""
        return "unlocked" if self.is_unlocked else "locked"

    @property
    def has_first_steps_to_do(self):
        """Whether this is a teacher's first class and some of the first steps are left. Needs with_first_steps()."""
        return self.is_of_first_class and not (self.was_used and self.has_members and self.was_locked)

    @property
    def lock_reason(self):
        """Why this Code is locked (K9): "person", "crowd", "operator" or "clock". Only for a locked Code."""
        if self.locked_by_id:
            return "person"
        if self.crowded:
            return "crowd"
        return "operator" if self.locked_at and self.locked_at < self.locks_at else "clock"

    def members_joined(self, since=None):
        """Return the plain members who joined with this Code at `since` or later, latest first.

        Those that a manager let in are left out.
        """
        let_in = JoinRequest.objects.filter(join_code=self, status=JoinRequest.Status.APPROVED)
        return self.classroom.memberships.joined_with(self.code, since).exclude(
            user__in=let_in.values("user")
        )

    @contextmanager
    def _one_at_a_time(self, right, by):
        """Hold the class's row for one act on this Code by somebody who needs `right`.

        Yields the class and a queryset with this Code in it, which is empty if the Code is locked. If the Code is due,
        its lock is recorded first. Raises CodeChanged if the Code is retired; ArchivedFirst, NotAllowed.
        """
        with self.classroom.one_at_a_time(right, by) as classroom:
            classroom.check_not_archived(by)
            mine = JoinCode.objects.filter(pk=self.pk)
            if not mine.current().exists():
                raise CodeChanged
            mine.due().record_locks()
            yield classroom, mine.unlocked()

    def lock(self, by):
        """From now on, people who use this Code ask to join. The second time changes nothing (K7)."""
        with self._one_at_a_time("lock_code", by) as (classroom, unlocked):
            if unlocked.update(locked_at=Now(), locked_by=by):
                classroom.record(Event.Kind.LOCK_CODE, by, code=self.code)

    def lock_at(self, by, until):
        """Choose when the Code locks by itself, at most CODE_UNLOCKED_FOR from now (K7).

        The second time changes nothing. Raises CodeLocked, BadMoment.
        """
        with self._one_at_a_time("lock_code_at", by) as (classroom, unlocked):
            values = lock_times(classroom.now(), until)
            if unlocked.filter(locks_at=until).exists():
                return
            if not unlocked.update(**values):
                raise CodeLocked
            classroom.record(Event.Kind.LOCK_CODE_AT, by, code=self.code)

    def unlock(self, by, until=None, restarts=False):
        """Unlock this Code for CODE_UNLOCKED_FOR, or until `until`; pending requests stay pending (K7).

        On an unlocked Code, the time starts again. A second press within a minute changes nothing. With `restarts`,
        `by` saw it unlocked: if it was locked since, and not by the clock, it stays locked.

        Raises BadMoment, CodeLocked.
        """
        with self._one_at_a_time("unlock_code", by) as (classroom, unlocked):
            values = lock_times(classroom.now(), until) | crowd_limit_now(classroom)
            mine = JoinCode.objects.filter(pk=self.pk)
            if restarts and mine.filter(locked_at__lt=models.F("locks_at")).exists():
                raise CodeLocked
            # A chosen moment has to be the same; the time of a second press begins a little later.
            earliest = until or values["locks_at"] - SECOND_PRESS_WITHIN
            if unlocked.filter(locks_at__range=(earliest, values["locks_at"])).exists():
                return
            mine.update(locked_at=None, locked_by=None, crowded=False, **values)
            Notification.objects.mark_read_about([notices.about_lock(self.pk)])
            classroom.record(Event.Kind.UNLOCK_CODE, by, code=self.code)

    def reset(self, by):
        """Retire this Code, and create and return a new, unlocked one. Members and requests stay as they are (K8).

        The second time changes nothing and returns the same Code (J10). Raises CodeChanged if another reset came first.
        """
        try:
            with self._one_at_a_time("reset_code", by) as (classroom, _):
                return self.replace(classroom, by)
        except CodeChanged:
            current = JoinCode.objects.get_current(self.classroom)
            retired = JoinCode.objects.filter(pk=self.pk, retired_by=by)
            if current.created_by_id != by.pk or not retired.exists():
                raise
            return current

    def replace(self, classroom, by):
        """Do what reset() does, as part of another act. The caller holds the class's row."""
        JoinCode.objects.filter(pk=self.pk).update(retired_at=Now(), retired_by=by)
        fresh = JoinCode.objects.issue(classroom, by)
        classroom.record(Event.Kind.RESET_CODE, by, code=fresh.code)
        return fresh
