from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from accounts.models import Notification
from classroom.models import Classroom, Event, Membership
from joins import codes, notices
from joins.exceptions import BadMoment, CodeChanged, CodeLocked
from joins.models.join_request import JoinRequest
from joins.models.subqueries import count_of
from joins.times import format_moment

# The only definition of an unlocked Code: nobody has locked it, and by the database's clock its time isn't up (K5).
_UNLOCKED = models.Q(retired_at=None, locked_at=None, locks_at__gt=Now())
_DUE = models.Q(retired_at=None, locked_at=None, locks_at__lte=Now())


class JoinCodeQuerySet(models.QuerySet):
    def current(self):
        return self.filter(retired_at=None)

    def with_code(self, code):
        """Look up a Code by its letters. Only this method does so, so that the way Codes are stored can change."""
        return self.filter(code=code)

    def of_open_classes(self):
        """Filter by classes that are not archived and have a manager whose account is not closed (C4, C6)."""
        answering = Membership.objects.answering()
        return self.filter(models.Exists(answering.filter(classroom=models.OuterRef("classroom"))))

    def unlocked(self):
        return self.filter(_UNLOCKED)

    def replaced(self, classroom):
        """Filter by the class's earlier Codes with which some of its plain members joined; the latest first."""
        used = Membership.objects.plain().filter(classroom=classroom).values("code")
        return (
            self.filter(classroom=classroom, code__in=used)
            .exclude(retired_at=None)
            .order_by("-retired_at", "-pk")
        )

    def due(self):
        """Filter by Codes whose time is up, but whose lock is not recorded in the database yet."""
        return self.filter(_DUE)

    def not_locked(self):
        """Filter by Codes for which no lock is recorded: they are unlocked or due."""
        return self.current().filter(locked_at=None)

    def locking_soon(self):
        """Filter by Codes that lock within WARN_BEFORE_LOCK and whose managers have not been warned yet."""
        horizon = Now() + settings.WARN_BEFORE_LOCK
        return self.not_locked().filter(warned_at=None, locks_at__gt=Now(), locks_at__lte=horizon)

    def in_last_days(self):
        """Filter by Codes that are unlocked, but not for longer than WARN_BEFORE_LOCK."""
        return self.unlocked().filter(locks_at__lte=Now() + settings.WARN_BEFORE_LOCK)

    def with_state(self):
        """Add `is_unlocked` and `is_due`, both by the database's clock."""
        return self.annotate(
            is_unlocked=models.ExpressionWrapper(_UNLOCKED, models.BooleanField()),
            is_due=models.ExpressionWrapper(_DUE, models.BooleanField()),
        )

    def with_now(self):
        """Add `now`, the current moment by the database's clock. The moments that a page offers count from it (F21)."""
        return self.annotate(now=Now())

    def with_members(self):
        """Add `members`, the _crowd_size() of the Code's class. It stays the same under the class's lock (T82)."""
        return self.annotate(members=_crowd_size(models.OuterRef("classroom")))

    def with_first_steps(self, owner_id, membership_id):
        """Add what the first steps of a new teacher ask. `membership_id` is the owner's place in the class.

        Nothing records that somebody has looked at a page, so what happened afterwards counts: if somebody has used the
        Code, it was shown.
        """
        acts, kinds = Event.objects.filter(classroom=models.OuterRef("classroom")), Event.Kind
        locks = [kinds.LOCK_CODE, kinds.LOCK_CROWDED_CODE, kinds.LOCK_ALL_CODES]
        members = Membership.objects.plain().filter(classroom=models.OuterRef("classroom"))
        return self.annotate(
            is_of_first_class=~models.Exists(Membership.objects.owned_before(owner_id, membership_id)),
            was_used=models.Exists(acts.filter(kind__in=[kinds.JOIN, kinds.ASK]).exclude(code="")),
            has_members=models.Exists(members),
            was_locked=models.Exists(acts.filter(kind__in=locks)) | ~_UNLOCKED,
        )

    def with_plain_members(self):
        """Add `plain_members`, how many are in the Code's class, its managers not counted."""
        members = Membership.objects.plain().filter(classroom=models.OuterRef("classroom"))
        return self.annotate(plain_members=count_of(members, "classroom"))

    def with_request_of(self, user_id):
        """Add `pending_request_id`, the user's pending request or None (J8), and `is_moved_to_queue`."""
        mine = JoinRequest.objects.filter(user=user_id, classroom=models.OuterRef("classroom"))
        return self.annotate(
            pending_request_id=models.Subquery(mine.pending().values("pk")),
            is_moved_to_queue=models.Subquery(mine.latest_is_moved_to_queue()),
        )

    def of(self, classroom):
        """Return the class's current Code, with its state."""
        return self.current_of(classroom).get()

    def current_of(self, classroom):
        return self.current().with_state().select_related("locked_by").filter(classroom=classroom)

    def issue(self, classroom, by):
        """Create and return a new unlocked Code that was never issued before (K1, K2, K4).

        The caller holds the class's row, or has just created the class.
        """
        # No row is ever deleted (K4), so the highest pk tells how many Codes were issued.
        issued = JoinCode.objects.aggregate(issued=models.Max("pk"))["issued"] or 0
        code = codes.draw(issued)
        while JoinCode.objects.filter(code=code).exists():
            code = codes.draw(issued)
        opened = _lock_times(classroom.now()) | _crowd_limit(classroom)
        return self.create(classroom=classroom, code=code, created_by=by, **opened)

    def record_locks(self):
        """Record the lock of each of these due Codes, and notify their managers (K6). Return how many there were.

        The caller holds the rows of their classes.
        """
        due = list(self.select_related("classroom"))
        JoinCode.objects.filter(pk__in=[code.pk for code in due]).update(locked_at=models.F("locks_at"))
        Event.objects.bulk_create(
            Event(classroom=code.classroom, kind=Event.Kind.LOCK_CODE, code=code.code, at=code.locks_at)
            for code in due
        )
        notices.codes_locked_themselves(due)
        return len(due)


class JoinCode(models.Model):
    """The private key of a class. Every Code ever issued has a row; exactly one Code of a class is current
    (JoinCode.objects.of(classroom), and the constraint one_current_code).

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
            opened = _lock_times(classroom.now(), until)
            if unlocked.filter(locks_at=until).exists():
                return
            if not unlocked.update(**opened):
                raise CodeLocked
            classroom.record(Event.Kind.LOCK_CODE_AT, by, code=self.code)

    def unlock(self, by, until=None):
        """Unlock this Code for CODE_UNLOCKED_FOR, or until `until`; pending requests stay pending (K7).

        On an unlocked Code, the time starts again. A second press within a minute changes nothing.

        Raises BadMoment.
        """
        with self._one_at_a_time("unlock_code", by) as (classroom, unlocked):
            opened = _lock_times(classroom.now(), until) | _crowd_limit(classroom)
            # A chosen moment has to be the same; the time of a second press begins a little later.
            near = until or opened["locks_at"] - timedelta(minutes=1), opened["locks_at"]
            if unlocked.filter(locks_at__range=near).exists():
                return
            mine = JoinCode.objects.filter(pk=self.pk)
            mine.update(locked_at=None, locked_by=None, crowded=False, **opened)
            Notification.objects.mark_read_about([notices.about_lock(self.pk)])
            classroom.record(Event.Kind.UNLOCK_CODE, by, code=self.code)

    def reset(self, by):
        """Retire this Code, and create and return a new, unlocked one. Members and requests stay as they are (K8).

        Raises CodeChanged if this Code is retired already, so that a second press doesn't retire the new one too.
        """
        with self._one_at_a_time("reset_code", by) as (classroom, _):
            return self.replace(classroom, by)

    def has_replaced(self, earlier, by):
        """Return whether `by` has reset the Code `earlier`, so that a second press finds this one (J10)."""
        retired = self.classroom.join_codes.filter(pk=earlier.pk, retired_by=by)
        return self.created_by_id == by.pk and retired.exists()

    def replace(self, classroom, by):
        """Do what reset() does, as part of another act. The caller holds the class's row."""
        JoinCode.objects.filter(pk=self.pk).update(retired_at=Now(), retired_by=by)
        fresh = JoinCode.objects.issue(classroom, by)
        classroom.record(Event.Kind.RESET_CODE, by, code=fresh.code)
        return fresh


def _lock_times(now, until=None):
    """Return the values of locks_at and warned_at for a Code that is unlocked from now until `until` (K5).

    Without it, that is for CODE_UNLOCKED_FOR. If the Code locks within WARN_BEFORE_LOCK, the managers count as warned
    already (K11). Raises BadMoment if `until` has passed, or is too far away (K7).
    """
    longest = now + settings.CODE_UNLOCKED_FOR
    locks_at = until or longest
    if locks_at <= now:
        raise BadMoment("This moment has passed. Choose a later one.")
    if locks_at > longest:
        raise BadMoment(f"This is too far away. Choose a moment until {format_moment(longest)}.")
    warned_at = now if locks_at - now <= settings.WARN_BEFORE_LOCK else None
    return {"locks_at": locks_at, "warned_at": warned_at}


def _crowd_size(classroom_id):
    """Return an expression that counts the plain members of a class.

    People who joined within the last day and then erased their account still count. Otherwise somebody could sign up,
    erase the account and sign up again any number of times, and the class would never be full (T30).
    """
    members = Membership.objects.plain().filter(classroom=classroom_id)
    joined = Event.objects.filter(
        classroom=classroom_id, kind=Event.Kind.JOIN, at__gt=Now() - timedelta(days=1)
    )
    return count_of(members, "classroom") + count_of(joined.exclude(by__erased_at=None), "classroom")


def _crowd_limit(classroom):
    """Return the value of crowd_limit for a Code that is unlocked now.

    If the class is full already, half as many as it expects may join in addition. So a manager can unlock the Code
    after a crowd, or get a new one, and a second crowd still locks it (T30).
    """
    (members,) = Classroom.objects.filter(pk=classroom.pk).values_list(_crowd_size(classroom.pk)).get()
    return {"crowd_limit": members + classroom.half_again if members >= classroom.most_members else None}
