"""Undoing a decision in the approval queue, and letting somebody in after a no (Q9)."""

from django.db.models.functions import Now

from accounts.models import Notification
from classroom.exceptions import DoneByAnother
from classroom.models import Event
from joins import notices
from joins.acts.queue import Decision, Outcome
from joins.exceptions import AccountClosed, HappenedSince, TooLateToUndo
from joins.models import JoinRequest

APPROVED, DENIED = JoinRequest.Status.APPROVED, JoinRequest.Status.DENIED
UNDOING = {APPROVED: Event.Kind.UNDO_APPROVAL, DENIED: Event.Kind.UNDO_DENIAL}


def undo(join_request, by, event_id=None):
    """Make a request pending again, at its old place in the queue, within UNDO_WITHIN after the decision.

    The membership or the block that came with the decision ends. `event_id` is the decision that the page showed, as
    the pk of its Event; without it, the latest one is undone. If the same manager does it again, nothing changes.
    Raises DoneByAnother, HappenedSince, TooLateToUndo, AccountClosed, ArchivedFirst, NotAllowed.
    """
    with join_request.classroom.one_at_a_time("decide", by) as classroom:
        classroom.check_not_archived(by)
        join_request = classroom.join_requests.for_undoing().get(pk=join_request.pk)
        if not join_request.is_decided and join_request.last_move_kind in UNDOING.values():
            _check_undone_by(join_request, by)
            return
        if not join_request.decision_stands or event_id not in (None, join_request.last_move):
            raise HappenedSince(join_request, by)
        if not join_request.is_within_undo:
            raise TooLateToUndo(join_request, by)
        _check_account(join_request)
        decided = JoinRequest.objects.filter(pk=join_request.pk, status=join_request.status)
        decided.update(status=JoinRequest.Status.PENDING, decided_at=None, decided_by=None)
        if join_request.status == APPROVED:
            classroom.memberships.plain().filter(user=join_request.user).delete()
        _record(classroom, UNDOING[join_request.status], join_request, by)
        _unblock(classroom, join_request, by)
        notices.decision_undone(join_request)
        _reopen_notifications(classroom, join_request)


def let_in(join_request, by):
    """Let somebody in whose request was denied, also long after, and return the Outcome. A block ends with it.

    If the same manager does it again, nothing changes. Raises HappenedSince, AccountClosed, ArchivedFirst, NotAllowed.
    """
    with join_request.classroom.one_at_a_time("decide", by) as classroom:
        classroom.check_not_archived(by)
        join_request = classroom.join_requests.for_undoing().get(pk=join_request.pk)
        is_done = join_request.decision_stands and join_request.status == APPROVED
        if is_done and join_request.decided_by_id == by.pk:
            return Outcome(join_request, Decision.APPROVE, by, is_new=True, event_id=join_request.last_move)
        if not join_request.decision_stands or join_request.status != DENIED:
            raise HappenedSince(join_request, by)
        _check_account(join_request)
        denied = JoinRequest.objects.filter(pk=join_request.pk, status=DENIED)
        denied.update(status=APPROVED, decided_at=Now(), decided_by=by)
        join_request.status, join_request.decided_by = APPROVED, by
        classroom.enroll([(join_request.user, join_request.door, join_request.code)])
        event = _record(classroom, Event.Kind.APPROVE_REQUEST, join_request, by)
        _unblock(classroom, join_request, by)
        notices.let_in_after_all(join_request)
    return Outcome(join_request, Decision.APPROVE, by, is_new=True, event_id=event.pk)


def _check_undone_by(join_request, by):
    """Raise DoneByAnother if another manager has undone the decision (Q3)."""
    event = Event.objects.select_related("by", "user").get(pk=join_request.last_move)
    if event.by != by:
        raise DoneByAnother(event)


def _check_account(join_request):
    if not join_request.user.is_active:
        raise AccountClosed(join_request)


def _record(classroom, kind, join_request, by):
    return classroom.record(kind, by, user=join_request.user, door=join_request.door, code=join_request.code)


def _unblock(classroom, join_request, by):
    """End the block that came with the decision: nobody who waits, and no member, is blocked."""
    deleted, _ = classroom.kept_out.filter(user=join_request.user).delete()
    if deleted:
        classroom.record(Event.Kind.LET_BACK, by, user=join_request.user)


def _reopen_notifications(classroom, join_request):
    """Make unread again what the decision has marked as read, for everybody who still manages the class."""
    managers = classroom.memberships.managers().values("user")
    closed = Notification.objects.filter(about=join_request.about, read_at__gte=join_request.decided_at)
    closed.filter(user__in=managers).update(read_at=None)
