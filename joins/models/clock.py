from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Now

from accounts.models import Notification, User
from classroom.models import Classroom, Event, Membership
from joins.exceptions import BadMoment
from joins.moments import moment

BATCH = 500  # classes that one transaction of the sweep touches
ALL_LOCKED = "lock-all-codes"  # what the notification of it is about


# The one definition of an unlocked Code: nobody has locked it, and the database's clock agrees (K5).
_UNLOCKED = models.Q(retired_at=None, locked_at=None, locks_at__gt=Now())
_DUE = models.Q(retired_at=None, locked_at=None, locks_at__lte=Now())


def unlocked_for(now, until=None):
    """The fields of a Code that is unlocked until `until`, or for two weeks; a short time needs no warning (K5, K11).

    Raises Refusal for a moment that has passed, or is further away than the two weeks (K7).
    """
    longest = now + settings.CODE_UNLOCKED_FOR
    locks_at = until or longest
    if locks_at <= now:
        raise BadMoment("This moment has passed. Choose a later one.")
    if locks_at > longest:
        raise BadMoment(f"This is too far away. Choose a moment until {moment(longest)}.")
    warned_at = now if locks_at - now <= settings.WARN_BEFORE_LOCK else None
    return {"locks_at": locks_at, "warned_at": warned_at}


class ClockQuerySet(models.QuerySet):
    """What the clock does to Codes, and how it is written down and told (K6, K11)."""

    def current(self):
        return self.filter(retired_at=None)

    def unlocked(self):
        return self.filter(_UNLOCKED)

    def with_state(self):
        """Adds `is_unlocked`, as the database's clock sees it, and `is_due`."""
        return self.annotate(
            is_unlocked=models.ExpressionWrapper(_UNLOCKED, models.BooleanField()),
            is_due=models.ExpressionWrapper(_DUE, models.BooleanField()),
        )

    def with_now(self):
        """Adds `now`, the moment of this look by the database's clock: what is proposed counts from there (F21)."""
        return self.annotate(now=Now())

    def due(self):
        """What the clock has locked and nobody has written down yet."""
        return self.filter(_DUE)

    def not_locked(self):
        """Neither the clock's lock nor anybody's is written down: unlocked, or due."""
        return self.current().filter(locked_at=None)

    def soon(self):
        """What locks within WARN_BEFORE_LOCK, and nobody has been told."""
        horizon = Now() + settings.WARN_BEFORE_LOCK
        return self.not_locked().filter(warned_at=None, locks_at__gt=Now(), locks_at__lte=horizon)

    def lock_due(self):
        """Stamp every Code that came due, once, and tell its managers (K6). Returns how many.

        Late, doubled or concurrent runs find nothing left to stamp: each batch holds its classes' rows.
        """
        return self._class_by_class(lambda codes: codes.due(), lambda codes: codes.stamp())

    def warn_before_lock(self):
        """Tell the managers, once, of each Code that locks soon (K11). Returns how many."""
        return self._class_by_class(lambda codes: codes.soon(), lambda codes: codes.warn())

    def lock_all(self):
        """Lock every Code of the site, as its operator: a database was stolen, or restored (T29). Returns how many.

        Waits for a class in which somebody acts; raises OperationalError where that takes too long. Run again, it goes
        on where it stopped. Each manager is told once, not class by class.
        """
        return self._class_by_class(
            lambda codes: codes.not_locked(), lambda codes: codes.lock_down(), skip_locked=False
        )

    def stamp(self):
        """Write down the locks of these due Codes, whose classes' rows are locked by the caller. Returns how many."""
        due = list(self.select_related("classroom"))
        self._same(due).update(locked_at=models.F("locks_at"))
        Event.objects.bulk_create(
            Event(classroom=code.classroom, kind=Event.Kind.LOCK_CODE, code=code.code, at=code.locks_at)
            for code in due
        )
        _tell(due, "The Code of {} has locked itself. Whoever uses it now asks to join.")
        return len(due)

    def warn(self):
        """As stamp(), for those that lock soon; the page behind the link has the one press that keeps it open."""
        soon = list(self.select_related("classroom"))
        self._same(soon).update(warned_at=Now())
        _tell(soon, "The Code of {} locks itself soon. One press keeps it unlocked for two more weeks.")
        return len(soon)

    def lock_down(self):
        """As stamp(), for every one that is not locked; what the clock did first is written first."""
        written = self.due().stamp()
        unlocked = list(self.not_locked().select_related("classroom"))
        self._same(unlocked).update(locked_at=Now())
        Event.objects.bulk_create(
            Event(classroom=code.classroom, kind=Event.Kind.LOCK_ALL_CODES, code=code.code)
            for code in unlocked
        )
        _tell_all_locked(unlocked)
        return written + len(unlocked)

    def _same(self, codes):
        return self.model.objects.filter(pk__in=[code.pk for code in codes])

    def _class_by_class(self, which, act, skip_locked=True):
        total = 0
        while True:
            with transaction.atomic():
                first = which(self).order_by("locks_at").values("classroom")[:BATCH]
                held = Classroom.objects.select_for_update(skip_locked=skip_locked, no_key=True)
                ids = [classroom.pk for classroom in held.filter(pk__in=first).order_by("pk")]
                if not ids:
                    return total
                total += act(which(self.filter(classroom__in=ids)))


def _tell(join_codes, sentence):
    """Tell the managers of many classes: one query and one insert, however many. Archived ones are left in peace."""
    told = {code.classroom_id: code.classroom for code in join_codes if not code.classroom.is_archived}
    managing = Membership.objects.managers().filter(classroom__in=told).select_related("user")
    Notification.objects.bulk_create(
        _about(told[membership.classroom_id], membership.user, sentence) for membership in managing
    )


def _tell_all_locked(join_codes):
    """Tell each manager of these classes, who has not been told of this very night, in one notification."""
    classes = [code.classroom_id for code in join_codes if not code.classroom.is_archived]
    managing = Membership.objects.managers().filter(classroom__in=classes)
    told = Notification.objects.unread().filter(about=ALL_LOCKED).values("user")
    Notification.objects.tell(
        User.objects.filter(pk__in=managing.values("user")).exclude(pk__in=told),
        text="Every Code of this site has been locked, as a precaution. Whoever uses one asks to join. "
        "Unlock yours whenever you like.",
        link="/",
        about=ALL_LOCKED,
        mail_after=settings.DIGEST_EVERY,
    )


def _about(classroom, user, sentence):
    return Notification.to(
        user,
        text=sentence.format(classroom.name),
        link=classroom.path,
        topic=classroom.public_id,
        mail_after=settings.DIGEST_EVERY,
    )
