"""The sets of Codes, and what a Code gets that is unlocked now. The model is in join_code.py."""

from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import models
from django.db.models.functions import Cast, Concat, Now

from accounts.compiled import compiled
from accounts.times import format_moment
from classroom.models import Classroom, Event, Membership
from joins import codes, notices
from joins.exceptions import BadMoment, TooManyCodes, TooManySlips
from joins.models.join_request import JoinRequest
from joins.models.slip import Slip
from joins.models.subqueries import as_boolean, count_of

# Codes that one person can create a day, by new classes and by resets. They are kept for good (K4) and make new ones
# longer (K2): without a limit, one account could give everybody Codes of ten letters within half an hour (T101).
MOST_CODES_A_DAY = 500
# The same for the Codes of slips. It is a limit of its own, so that slips never stop anybody who has to reset a Code.
MOST_SLIPS_A_DAY = 500
# The only definition of an unlocked Code: nobody has locked it, and by the database's clock its time isn't up (K5).
_UNLOCKED = models.Q(retired_at=None, locked_at=None, locks_at__gt=Now())
_DUE = models.Q(retired_at=None, locked_at=None, locks_at__lte=Now())


class JoinCodeQuerySet(models.QuerySet):
    def current(self):
        return self.filter(retired_at=None)

    def working(self, user_id=None):
        """Filter by Codes that can let somebody in: the current ones, and those of slips that are alive.

        A slip that this person has used themselves is among them. So the second press of a button finds it (J10).
        """
        slips = Slip.objects.alive() if user_id is None else Slip.objects.alive_or_used_by(user_id)
        has_slip = models.Exists(slips.filter(join_code=models.OuterRef("pk")))
        return self.filter(models.Q(retired_at=None) | has_slip)

    def of_classes(self):
        """Leave out the Codes of slips."""
        return self.filter(is_of_slip=False)

    def of_unused_slips(self):
        """Filter by the Codes of slips that nobody has used, also those of a list whose time is up."""
        return self.filter(slip__isnull=False, slip__used_at=None)

    def with_code(self, code):
        """Look up a Code by its letters. Only this method does so, so that the way Codes are stored can change."""
        return self.filter(code=code)

    def of_open_classes(self):
        """Filter by classes that are not archived and have a manager whose account is not closed (C4, C6)."""
        return self.filter(Membership.objects.has_open_class())

    def unlocked(self):
        return self.filter(_UNLOCKED)

    def retired_with_members(self, classroom):
        """Filter by the class's earlier Codes with which some of its plain members joined; the latest first."""
        used = Membership.objects.plain().filter(classroom=classroom).values("code")
        return (
            self.of_classes()
            .filter(classroom=classroom, code__in=used)
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
        return self.annotate(is_unlocked=as_boolean(_UNLOCKED), is_due=as_boolean(_DUE))

    def values_door_version(self):
        """Return a text for each Code, from which an open page learns that its door has changed (ADR 11).

        It has no letter of the Code: which Code it is, whether it is unlocked and until when, and whether the class's
        Join URL is paused.
        """
        text = models.TextField()
        state = models.Case(models.When(_UNLOCKED, then=models.Value("1")), default=models.Value("0"))
        moments = [Cast(moment, text) for moment in ("locks_at", "classroom__join_url__paused_at")]
        door = Concat(Cast("pk", text), models.Value("."), state, *moments, output_field=text)
        return self.values(door=door)

    def with_now(self):
        """Add `now`, the current moment by the database's clock. The moments that a page offers count from it (F21)."""
        return self.annotate(now=Now())

    def with_crowd_size(self):
        """Add `crowd_size`, see _crowd_size(), of the Code's class. It stays the same under the class's lock (T82)."""
        return self.annotate(crowd_size=_crowd_size(models.OuterRef("classroom")))

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

    def get_current(self, classroom):
        """Return the class's current Code, with its state."""
        return self.current_of(classroom).get()

    def current_of(self, classroom):
        return self.current().with_state().select_related("locked_by").filter(classroom=classroom)

    def issue(self, classroom, by):
        """Create and return a new unlocked Code that was never issued before (K1, K2, K4).

        The caller holds the class's row, or has just created the class. Raises TooManyCodes.
        """
        # Reads no more than the limit.
        if self._issued_today(by).of_classes()[MOST_CODES_A_DAY - 1 :].exists():
            raise TooManyCodes(MOST_CODES_A_DAY)
        [code] = self._draw(1)
        values = lock_times(classroom.now()) | crowd_limit_now(classroom)
        return self.create(classroom=classroom, code=code, created_by=by, **values)

    def issue_for_slips(self, classroom, by, how_many):
        """Create and return so many Codes for slips, with as many statements as for one. Raises TooManySlips.

        The caller holds the class's row.
        """
        left = MOST_SLIPS_A_DAY - self._issued_today(by).filter(is_of_slip=True).count()
        if how_many > left:
            raise TooManySlips(MOST_SLIPS_A_DAY, max(left, 0))
        retired = {"is_of_slip": True, "locks_at": Now(), "retired_at": Now(), "retired_by": by}
        return self.bulk_create(
            self.model(classroom=classroom, code=code, created_by=by, **retired)
            for code in self._draw(how_many)
        )

    def _issued_today(self, by):
        return self.model.objects.filter(created_by=by, created_at__gt=Now() - timedelta(days=1))

    def _draw(self, how_many):
        """Return a list of so many letters of Codes, none of which was ever issued (K1, K2, K4)."""
        # No row is ever deleted (K4), so the highest pk tells how many Codes were issued.
        issued = self.model.objects.aggregate(issued=models.Max("pk"))["issued"] or 0
        drawn = set()
        while len(drawn) < how_many:
            drawn |= {codes.draw(issued + number) for number in range(len(drawn), how_many)}
            drawn -= set(self.model.objects.filter(code__in=drawn).values_list("code", flat=True))
        return list(drawn)

    def record_locks(self):
        """Record the lock of each of these due Codes, and notify their managers (K6). Return how many there were.

        The caller holds the rows of their classes.
        """
        due = list(self.select_related("classroom"))
        self.model.objects.filter(pk__in=[code.pk for code in due]).update(locked_at=models.F("locks_at"))
        Event.objects.bulk_create(
            Event(classroom=code.classroom, kind=Event.Kind.LOCK_CODE, code=code.code, at=code.locks_at)
            for code in due
        )
        notices.codes_locked_themselves(due)
        return len(due)


def lock_times(now, until=None):
    """Return the values of locks_at and warned_at for a Code that is unlocked from now until `until` (K5).

    Without it, that is for CODE_UNLOCKED_FOR. If the Code locks within WARN_BEFORE_LOCK, the managers count as warned
    already (K11). Raises BadMoment if `until` has passed, or is too far away (K7).
    """
    longest = now + settings.CODE_UNLOCKED_FOR
    locks_at = until or longest
    if locks_at <= now:
        raise BadMoment
    if locks_at > longest:
        raise BadMoment(f"This is too far away. Choose a moment until {format_moment(longest)}.")
    warned_at = now if locks_at - now <= settings.WARN_BEFORE_LOCK else None
    return {"locks_at": locks_at, "warned_at": warned_at}


def _crowd_size(classroom_id):
    """Return an expression that counts the plain members of a class.

    People who joined within the last day and have left since, or erased their account, still count. Otherwise somebody
    could sign up, go and sign up again any number of times, and the class would never be full (T30). Who was removed
    doesn't count.
    """
    members = Membership.objects.plain().filter(classroom=classroom_id)
    lately = Event.objects.filter(classroom=classroom_id, at__gt=Now() - timedelta(days=1))
    here = Membership.objects.filter(classroom=models.OuterRef("classroom"), user=models.OuterRef("by"))
    joined = lately.filter(kind=Event.Kind.JOIN, by=models.OuterRef("by"))
    # An erasure writes that the person has left, too. Few leave, so this looks at few people, however many have joined.
    left = lately.filter(kind=Event.Kind.LEAVE_CLASS)
    gone = left.filter(models.Exists(joined), ~models.Exists(here))
    people = models.Count("by", distinct=True)
    return count_of(members, "classroom") + count_of(gone, "classroom", people)


class _Crowd(NamedTuple):
    size: int


@compiled(_Crowd)
def _crowd_now(classroom_id):
    return Classroom.objects.filter(pk=classroom_id).values_list(_crowd_size(classroom_id))


def crowd_limit_now(classroom):
    """Return the value of crowd_limit for a Code that is unlocked now.

    If the class is full already, half as many as it expects may join in addition. So a manager can unlock the Code
    after a crowd, or get a new one, and a second crowd still locks it (T30).
    """
    members = _crowd_now.first(classroom.pk).size
    return {"crowd_limit": members + classroom.half_again if members >= classroom.most_members else None}
