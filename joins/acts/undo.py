"""Undoing decisions in the approval queue, and letting somebody in after a no (Q9)."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Case, Exists, F, Max, Min, OuterRef, Value, When
from django.db.models.functions import Now

from accounts.compiled import compiled, compiled_inserts, compiled_update
from accounts.models import Notification
from classroom.exceptions import DoneByAnother, Refusal
from classroom.models import Event, KeptOut
from classroom.undoable import UNDO_WITHIN, Undoable
from joins import notices
from joins.acts.queue import write_approval
from joins.exceptions import AccountClosed, HappenedSince, TooLateToUndo
from joins.models import JoinRequest
from joins.models.join_request_queryset import DECIDING, HOW_THEY_ASKED, UNDOING

APPROVED, DENIED = JoinRequest.Status.APPROVED, JoinRequest.Status.DENIED


def undoable(classroom, outcomes):
    """Return the Undoable of these new outcomes, or None if they are of several presses (see undo_all)."""
    if len({outcome.join_request.decided_at for outcome in outcomes}) != 1:
        return None
    events = [outcome.event_id for outcome in outcomes]
    return undoable_between(classroom, min(events), max(events), len(outcomes), outcomes[0].join_request.pk)


def undoable_between(classroom, first, last, how_many, request_id):
    return Undoable("joins:undo_decisions", classroom.public_id, first, last, how_many, request_id)


@dataclass(frozen=True)
class Undone:
    """What undo_all() has done: the names of those who wait again, and the sentences about those who do not."""

    names: list[str]
    others: list[str]


def undo(join_request, by, event_id=None):
    """Make a request pending again, at its old place in the queue, within UNDO_WITHIN after the decision.

    The membership or the block that came with the decision ends. `event_id` is the decision that the page showed, as
    the pk of its Event; without it, the latest one is undone. If the same manager does it again, nothing changes.
    Raises DoneByAnother, HappenedSince, TooLateToUndo, AccountClosed, ArchivedFirst, NotAllowed.
    """
    with join_request.classroom.one_at_a_time("undo_decisions", by) as classroom:
        classroom.check_not_archived(by)
        join_request = _read_again(join_request)
        if _is_undone(join_request):
            _check_undone_by(Event.objects.select_related("by", "user").get(pk=join_request.last_change), by)
            return
        _check_can_be_undone(join_request, by, None if event_id is None else [event_id])
        _write_undo(classroom, [join_request], by)


def undo_all(classroom, first, last, by):
    """Do what undo() does for each decision of one press of `by`, and return an Undone. It takes a fixed number of
    statements.

    `first` and `last` are the pks of the Events that the press wrote. Acts in a class run one at a time, so all the
    Events between them are of this press. A range that somebody has made up may hold other managers' decisions, and
    these stand. Nobody whose decision can't be undone any more holds up the others. Raises ArchivedFirst, NotAllowed.
    """
    with classroom.one_at_a_time("undo_decisions", by) as classroom:
        classroom.check_not_archived(by)
        names, going, others = [], [], []
        for join_request, latest_change in _decided_between(classroom, first, last, by):
            try:
                if _is_undone(join_request):
                    _check_undone_by(latest_change, by)
                elif latest_change.by != by:
                    raise HappenedSince(join_request, by)
                else:
                    _check_can_be_undone(join_request, by, range(first, last + 1))
                    going.append(join_request)
                names.append(join_request.name)
            except Refusal as refusal:
                others.append(refusal.message)
        if going:
            _write_undo(classroom, going, by)
    return Undone(names, others)


def recent_presses(classroom, by):
    """Return (first, last) for each press of `by` within UNDO_WITHIN: pks of Events, as undo_all() takes them."""
    decisions = classroom.events.filter(kind__in=DECIDING.values(), by=by, at__gt=Now() - UNDO_WITHIN)
    presses = decisions.values("kind", "at").annotate(first=Min("pk"), last=Max("pk"))
    return list(presses.values_list("first", "last"))


def let_in_after_all(join_request, by, event_id=None):
    """Let somebody in whose request was denied, also long after. A block ends with it.

    `event_id` is the denial that the page showed, or None to compare nothing: a colleague may have decided anew since.
    If the same manager does it again, nothing changes. Raises HappenedSince, AccountClosed, ArchivedFirst, NotAllowed.
    """
    with join_request.classroom.one_at_a_time("decide", by) as classroom:
        classroom.check_not_archived(by)
        join_request = _read_again(join_request)
        decision = join_request.decision_stands and join_request.status
        if decision == APPROVED and join_request.decided_by_id == by.pk:
            return
        if decision != DENIED or event_id not in (None, join_request.last_change):
            raise HappenedSince(join_request, by)
        _check_account(join_request)
        row = JoinRequest.objects.filter(pk=join_request.pk)
        row.update(status=APPROVED, decided_at=Now(), decided_by=by)
        notices.take_back_denial(row)
        write_approval(classroom, [join_request.pk], by)
        _unblock(classroom, [join_request.pk], by)


def _read_again(join_request):
    """Return it as for_undoing() loads it, now that the class's row is held."""
    found = _for_undoing.first(join_request.pk)
    if found is None:  # the account was erased at this moment
        raise JoinRequest.DoesNotExist
    return found


@compiled(JoinRequest)
def _for_undoing(request_id):
    return JoinRequest.objects.for_undoing().filter(pk=request_id)


def _decided_between(classroom, first, last, by):
    """Return pairs of a JoinRequest that `by` decided and the Event of latest_place_changes(), one for each person.

    The requests are as for_undoing() loads them, the oldest first. But the Events are read together: with a subquery
    for each request, PostgreSQL would read the class's history as often as there are people.
    """
    decisions = classroom.events.filter(pk__range=(first, last), kind__in=DECIDING.values(), by=by)
    people = decisions.values("user")
    found = classroom.join_requests.filter(user__in=people).with_time_to_undo().filter(is_latest=True)
    changes = classroom.events.filter(pk__gte=first).latest_place_changes(people)
    join_requests = list(found.oldest_first())
    for join_request in join_requests:
        change = changes[join_request.user_id]
        join_request.last_change, join_request.last_change_kind = change.pk, change.kind
    return [(join_request, changes[join_request.user_id]) for join_request in join_requests]


def _is_undone(join_request):
    return not join_request.is_decided and join_request.last_change_kind in UNDOING.values()


def _check_undone_by(event, by):
    """Raise DoneByAnother if another manager has undone the decision (Q3)."""
    if event.by != by:
        raise DoneByAnother(event)


def _check_can_be_undone(join_request, by, event_ids):
    """Raise the reason why the decision can't be undone. `event_ids` are the decisions that `by` has seen, or None."""
    if not join_request.decision_stands or (
        event_ids is not None and join_request.last_change not in event_ids
    ):
        raise HappenedSince(join_request, by)
    if not join_request.is_within_undo:
        raise TooLateToUndo(join_request, by)
    _check_account(join_request)


def _write_undo(classroom, join_requests, by):
    request_ids = [join_request.pk for join_request in join_requests]
    # With pk__in, PostgreSQL sees how few they are. With a list in one argument, it would read every notification.
    rows = JoinRequest.objects.filter(pk__in=request_ids).oldest_first()
    _record_undo.run(classroom.pk, request_ids, by.pk)
    wait_again.run(request_ids)
    let_in_ids = [join_request.user_id for join_request in join_requests if join_request.status == APPROVED]
    if let_in_ids:
        classroom.memberships.plain().filter(user__in=let_in_ids).delete()
    _unblock(classroom, request_ids, by)
    notices.decisions_undone(classroom, rows, let_in_ids)
    reopen_notifications(classroom, join_requests)


@compiled_inserts
def _record_undo(classroom_id, request_ids, by_id):
    undoing = Case(*(When(status=status, then=Value(kind)) for status, kind in UNDOING.items()))
    act = {"classroom": classroom_id, "kind": undoing, "by": by_id}
    rows = JoinRequest.objects.with_pks(request_ids).oldest_first()
    return [Event.objects.recording(rows, **act, **HOW_THEY_ASKED)]


@compiled_update
def wait_again(request_ids):
    waiting = {"status": JoinRequest.Status.PENDING, "decided_at": None, "decided_by": None}
    return JoinRequest.objects.with_pks(request_ids), waiting


def _check_account(join_request):
    if not join_request.user.is_active:
        raise AccountClosed(join_request)


def _unblock(classroom, request_ids, by):
    """End the blocks that came with these decisions: nobody who waits, and no member, is blocked."""
    if let_back := _record_let_back.run(classroom.pk, request_ids, by.pk):
        classroom.kept_out.filter(user__in=[user_id for user_id, _ in let_back]).delete()


@compiled_inserts
def _record_let_back(classroom_id, request_ids, by_id):
    people = JoinRequest.objects.with_pks(request_ids).values("user")
    blocks = KeptOut.objects.filter(classroom=classroom_id, user__in=people)
    act = {"classroom": classroom_id, "kind": Event.Kind.LET_BACK, "by": by_id, "user": F("user")}
    return [Event.objects.recording(blocks, **act)]


def reopen_notifications(classroom, join_requests):
    """Make unread again what the decisions have marked as read, for everybody who still manages the class.

    If somebody asked in the meantime, a manager has a newer notification, which covers these requests as well (N3).
    """
    about_them = Notification.objects.filter(about__in={join_request.about for join_request in join_requests})
    newer = about_them.filter(about=OuterRef("about"), user=OuterRef("user"), pk__gt=OuterRef("pk"))
    # SQLite compares moments as texts, and writes those of its own clock without the last digits.
    since = min(join_request.decided_at for join_request in join_requests) - timedelta(milliseconds=1)
    closed = about_them.filter(~Exists(newer), read_at__gte=since)
    closed.filter(user__in=classroom.memberships.managers().values("user")).update(read_at=None)
