"""Acts on the Codes and requests of many classes at once, mostly because of the time. They notify managers.

It does no harm to run them late, twice or at the same moment: each batch holds the rows of its classes and only then
reads what is left to do.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from classroom.models import Classroom, Event
from classroom.models.lock_wait import held_if_free
from joins import notices
from joins.models import JoinCode, JoinRequest, Slip
from joins.models.join_request_queryset import REMIND_AFTER

BATCH = 500  # classes that one transaction touches
# If one request has waited for REMIND_AFTER, the reminder covers all that were made within this time after it, so that
# a class that asked in the same lesson is one reminder.
REMIND_TOGETHER = timedelta(hours=1)


def lock_due():
    """Record the lock of every Code whose time is up, once, and notify its managers (K6). Return how many."""
    return _in_batches(lambda codes: codes.due(), lambda codes: codes.record_locks())


def warn_before_lock():
    """Notify the managers once of each Code that locks soon (K11). Return how many."""
    return _in_batches(lambda codes: codes.locking_soon(), _warn)


def lock_all():
    """Lock every Code of the site, for an operator after a database was stolen or restored (T29). Return how many.

    It waits for a class in which somebody else acts, and raises OperationalError if that takes too long. If you run it
    again, it continues where it stopped. Each manager gets one notification, however many classes they have.
    """
    return _in_batches(lambda codes: codes.not_locked(), _lock_all, skip_locked=False)


def cancel_all_slips():
    """Cancel every unused slip of the site, for the same reason: it would let in while the Code is locked (L4).

    Returns how many. Otherwise like lock_all(), after which an operator's command calls it.
    """
    return _in_batches(lambda codes: codes.of_unused_slips(), _cancel_slips, skip_locked=False)


def _warn(codes):
    soon = list(codes.select_related("classroom"))
    JoinCode.objects.filter(pk__in=[code.pk for code in soon]).update(warned_at=Now())
    notices.codes_lock_soon(soon)
    return len(soon)


def _lock_all(codes):
    written = codes.due().record_locks()
    unlocked = list(codes.not_locked().select_related("classroom"))
    JoinCode.objects.filter(pk__in=[code.pk for code in unlocked]).update(locked_at=Now())
    Event.objects.bulk_create(
        Event(classroom=code.classroom, kind=Event.Kind.LOCK_ALL_CODES, code=code.code) for code in unlocked
    )
    notices.all_codes_locked([code.classroom for code in unlocked])
    return written + len(unlocked)


def _cancel_slips(codes):
    classes = list(Classroom.objects.filter(pk__in=codes.values("classroom")))
    cancelled, _ = Slip.objects.unused().filter(join_code__classroom__in=classes).delete()
    Event.objects.bulk_create(
        Event(classroom=classroom, kind=Event.Kind.CANCEL_SLIPS) for classroom in classes
    )
    notices.all_codes_locked(classes)
    return cancelled


def _in_batches(which, act, skip_locked=True):
    """Call `act` with the Codes that `which` selects, in batches of classes with their rows locked, until none is left.

    Returns the sum of what `act` returns.
    """
    total = 0
    while True:
        with transaction.atomic():
            first = which(JoinCode.objects.all()).order_by("locks_at").values("classroom")[:BATCH]
            free = Classroom.objects.select_for_update(skip_locked=skip_locked, no_key=True)
            ids = [classroom.pk for classroom in free.filter(pk__in=first).order_by("pk")]
            if not ids:
                return total
            total += act(which(JoinCode.objects.filter(classroom__in=ids)))


def remind_of_requests():
    """After REMIND_AFTER, tell the managers again of requests; after HELP_AFTER, tell requesters who to ask (N4).

    Each request is told of once in each way. Returns how many requests this was about.
    """
    reminded = _for_requests(lambda requests: requests.to_remind_of(), _remind)
    return reminded + _for_requests(lambda requests: requests.to_help(), _help)


def _remind(classroom):
    """Tell the managers once, however many requests have waited so long."""
    late = classroom.join_requests.to_remind_of(REMIND_AFTER - REMIND_TOGETHER)
    late = list(late.select_related("classroom").order_by("pk"))
    JoinRequest.objects.filter(pk__in=[request.pk for request in late]).update(reminded_at=Now())
    for join_request in {request.about: request for request in late}.values():
        notices.asked(join_request, notices.AT_ONCE)
    return len(late)


def _help(classroom):
    late = list(classroom.join_requests.to_help().select_related("user"))
    JoinRequest.objects.filter(pk__in=[request.pk for request in late]).update(helped_at=Now())
    notices.waits_long(classroom, late)
    return len(late)


def _for_requests(which, act):
    """Call `act` with one class after the other, if it has requests that `which` selects.

    The class's row is held, as for a decision, so nobody is told of a request that is being decided. Returns the sum of
    what `act` returns.
    """
    total = 0
    waiting = which(JoinRequest.objects.all()).order_by("classroom")
    for classroom_id in list(waiting.values_list("classroom", flat=True).distinct()[:BATCH]):
        with held_if_free(Classroom.objects.filter(pk=classroom_id)) as classroom:
            if classroom and which(classroom.join_requests).exists():
                total += act(classroom)
    return total
