"""Deciding the requests in the approval queue.

However many a press decides, it takes the same number of statements: one changes the requests, and each of the others
writes all their memberships, events or notifications.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from django.db import models
from django.db.models.functions import Now

from accounts.bulk import Insertion
from accounts.compiled import CompiledUpdateReturning, compiled_inserts, compiled_update_returning
from accounts.models import User
from classroom.models import Event, KeptOut, Membership
from classroom.models.membership import block_leavers
from joins import notices
from joins.class_list import is_listed
from joins.decided_sentences import say_since
from joins.models import JoinRequest
from joins.models.join_request import mark_asked_read
from joins.models.join_request_queryset import DECIDING, HOW_THEY_ASKED, UNDOING
from joins.models.subqueries import aggregated
from joins.name_marks import has_warning, mark_names


class Decision(models.TextChoices):
    APPROVE = "approve"
    DENY = "deny"
    KEEP_OUT = "keep-out"


class Effect(NamedTuple):
    """What a decision does to a join request, and how that is told."""

    status: JoinRequest.Status
    change: CompiledUpdateReturning  # changes those that are pending, and returns them
    write: Callable  # writes what follows from it; see write_approval()
    sentence: str  # about one person
    sentence_of_many: str  # about several people


def _pending_of(classroom_id, request_ids):
    """Return these requests, with what the Outcomes of many need: reading all fields takes half as long again."""
    pending = JoinRequest.objects.with_pks(request_ids).pending().filter(classroom=classroom_id)
    return pending.only("user", "name", "status", "decided_at")


@compiled_update_returning(JoinRequest)
def _approve_if_pending(classroom_id, request_ids, by_id):
    asked = _pending_of(classroom_id, request_ids)
    approved = {"status": JoinRequest.Status.APPROVED, "decided_at": Now(), "decided_by": by_id}
    return asked.filter(user__is_active=True), approved


@compiled_update_returning(JoinRequest)
def _deny_if_pending(classroom_id, request_ids, by_id):
    asked = _pending_of(classroom_id, request_ids)
    return asked, {"status": JoinRequest.Status.DENIED, "decided_at": Now(), "decided_by": by_id}


def write_approval(classroom, request_ids, by):
    """Write the memberships, the history and the notifications of the requests with these pks.

    Returns a list of (pk of the user, pk of the Event of the decision).
    """
    return _approval.run(classroom.pk, request_ids, by.pk, classroom.public_id, classroom.path)


def _write_denial(classroom, request_ids, by):
    moments = notices.moments_to_ask_again()
    return _denial_with_news.run(classroom.pk, request_ids, by.pk, classroom.public_id, *moments)


def _write_block(classroom, request_ids, by):
    events = _denial.run(classroom.pk, request_ids, by.pk)
    _block.run(classroom.pk, request_ids, by.pk, classroom.public_id)
    return events


@compiled_inserts
def _approval(classroom_id, request_ids, by_id, topic, class_page):
    rows = JoinRequest.objects.with_pks(request_ids).oldest_first()
    act = {"classroom": classroom_id, "kind": Event.Kind.APPROVE_REQUEST, "by": by_id}
    return [
        Event.objects.recording(rows, **act, **HOW_THEY_ASKED),
        Membership.objects.enrolling(rows, classroom=classroom_id, **HOW_THEY_ASKED),
        notices.notifying_approved(rows, topic, class_page),
    ]


@compiled_inserts
def _denial(classroom_id, request_ids, by_id):
    return [_recorded_denial(JoinRequest.objects.with_pks(request_ids).oldest_first(), classroom_id, by_id)]


@compiled_inserts
def _denial_with_news(classroom_id, request_ids, by_id, topic, after_first, after_second):
    rows = JoinRequest.objects.with_pks(request_ids).oldest_first()
    return [
        _recorded_denial(rows, classroom_id, by_id),
        notices.notifying_denied(rows, topic, [after_first, after_second]),
    ]


def _recorded_denial(rows, classroom_id, by_id):
    act = {"classroom": classroom_id, "kind": Event.Kind.DENY_REQUEST, "by": by_id}
    return Event.objects.recording(rows, **act, **HOW_THEY_ASKED)


@compiled_inserts
def _block(classroom_id, request_ids, by_id, topic):
    rows = JoinRequest.objects.with_pks(request_ids).oldest_first()
    act = {"classroom": classroom_id, "kind": Event.Kind.KEEP_OUT, "by": by_id}
    block = {"classroom": classroom_id, "user": models.F("user"), "by": by_id}
    return [
        Event.objects.recording(rows, **act, **HOW_THEY_ASKED),
        Insertion(rows, KeptOut, block, ignore_conflicts=True),
        notices.notifying_denied_and_kept_out(rows, topic),
    ]


EFFECTS = {
    Decision.APPROVE: Effect(
        status=JoinRequest.Status.APPROVED,
        change=_approve_if_pending,
        write=write_approval,
        sentence="{} is in.",
        sentence_of_many="Let in {} people: {}.",
    ),
    Decision.DENY: Effect(
        status=JoinRequest.Status.DENIED,
        change=_deny_if_pending,
        write=_write_denial,
        sentence="Said no to {}.",
        sentence_of_many="Said no to {} people: {}.",
    ),
    Decision.KEEP_OUT: Effect(
        status=JoinRequest.Status.DENIED,
        change=_deny_if_pending,
        write=_write_block,
        sentence="Said no to {} and blocked them.",
        sentence_of_many="Blocked {} people: {}.",
    ),
}


@dataclass(frozen=True)
class Outcome:
    """What a manager's press did to one join request."""

    join_request: JoinRequest
    decision: Decision
    by: User
    is_done: bool  # this press decided it, or the same person just did so in the same way (J10)
    event_id: int | None = None  # the decision in the history, if it is new
    # The person had cancelled just before they would have been blocked, and is blocked now.
    is_blocked: bool = False

    def __str__(self):
        """The sentence that replaces the request in the queue (Q2)."""
        join_request = self.join_request
        if not join_request.is_decided:
            return f"{join_request.name} was not let in, because the account is closed. You can say no to the request."
        if self.is_blocked:
            return f"{join_request.name} had cancelled the request already, and is blocked now."
        if not self.is_done:
            return join_request.who_decided(self.by)
        return EFFECTS[self.decision].sentence.format(join_request.name)


def decide(classroom, request_ids, decision, by):
    """Approve, deny or keep out those of these requests that are pending in this class. Return an Outcome for each.

    Requests of other classes are left out. An earlier decision stands (Q2, Q3). Who has cancelled just before is kept
    out all the same (Q7). A request of a closed account can't be approved and stays pending (Q10). Raises NotAllowed,
    ArchivedFirst.
    """
    with classroom.one_at_a_time("decide", by) as classroom:
        classroom.check_not_archived(by)
        outcomes = _decide(classroom, request_ids, decision, by)
        if len(outcomes) < len(set(request_ids)):
            asked = classroom.join_requests.filter(pk__in=request_ids)
            outcomes += _unchanged(classroom, asked, outcomes, decision, by)
    return outcomes


def decide_all(classroom, seen, decision, by, only_listed=False):
    """Approve or deny those who waited when a page was drawn: waiting_at(). Return an Outcome for each who is decided.

    Approving leaves out people with a warning (T42) and closed accounts, and with `only_listed` also everybody whose
    name isn't on the class list (L3). If the same manager does it again, the Outcomes are those of the first press
    (J10), but not if anybody has decided otherwise since `seen` (Q3). Raises NotAllowed, ArchivedFirst.
    """
    left_out = _left_out_at(classroom, seen, only_listed) if decision == Decision.APPROVE else []
    with classroom.one_at_a_time("decide", by) as classroom:
        classroom.check_not_archived(by)
        asked = waiting_at(classroom, seen).exclude(pk__in=left_out)
        outcomes = _decide(classroom, asked.values_list("pk", flat=True), decision, by)
        if not outcomes and _only_did(classroom, seen, decision, by):
            just_now = classroom.join_requests.filter(status=EFFECTS[decision].status, decided_by=by)
            latest = just_now.order_by("-decided_at").values("decided_at")[:1]
            outcomes = _unchanged(classroom, just_now.filter(decided_at=latest), [], decision, by)
    return [outcome for outcome in outcomes if outcome.is_done]


def _only_did(classroom, seen, decision, by):
    """Return whether all decisions after the Event `seen` (a pk) were this one, by the same manager."""
    # A block is a denial and a second event, so that it is not taken for a denial.
    kinds = [*DECIDING.values(), Event.Kind.KEEP_OUT]
    since = classroom.events.filter(kind__in=kinds, pk__gt=seen)
    done = set(since.values_list("kind", "by").distinct())
    return done == {(DECIDING[EFFECTS[decision].status], by.pk)}


def who_decided_since(classroom, seen, reader):
    """Return a sentence for each manager and act: who decided about how many after the Event `seen` (a pk), and when.

    `reader` is the manager who pressed later (Q3).
    """
    kinds = [*DECIDING.values(), *UNDOING.values()]
    events = classroom.events.filter(kind__in=kinds, pk__gt=seen).select_related("by", "user").order_by("pk")
    found = defaultdict(list)
    for event in events:
        found[event.by, event.kind].append(event)
    return [say_since(kind, by, reader, events) for (by, kind), events in found.items()]


class QueueCounts(NamedTuple):
    waiting: int  # all who wait
    within_quota: int  # those that the queue shows one by one
    newest: int | None  # the pk of the newest request
    seen: int | None  # the pk of the class's newest Event


def count_queue(classroom):
    """Return the QueueCounts, from one query, so that nobody asks between two."""
    seen = models.Subquery(aggregated(classroom.events, "classroom", models.Max("pk")))
    counts = classroom.join_requests.pending().aggregate(
        waiting=models.Count("pk"),
        within_quota=models.Count("pk", filter=models.Q(over_quota=False)),
        newest=models.Max("pk"),
        seen=models.Max(seen),
    )
    return QueueCounts(**counts)


def waiting_at(classroom, seen):
    """Return the requests that were pending when the class's newest Event was `seen` (a pk), and still are.

    An Event fixes who they are, and not a moment, because it is exact: acts in a class run one at a time, so everybody
    who asks later, or waits again after an undo, has a later Event. The page didn't count them, so no manager has
    decided about them (T46). New accounts over the quota are left out: the page shows them folded away (T34).
    """
    waiting = classroom.join_requests.pending().within_quota()
    return waiting.exclude(classroom.events.place_changed_since(seen))


def _left_out_at(classroom, seen, only_listed):
    """Return the pks of those of waiting_at() who aren't let in together with the others.

    That is: who has a warning of a similar or the same name, or with `only_listed` isn't on the class list.
    """
    waiting = list(waiting_at(classroom, seen).select_related("user"))
    mark_names(classroom, waiting)
    return [
        join_request.pk
        for join_request in waiting
        if has_warning(join_request) or (only_listed and not is_listed(join_request))
    ]


def _decide(classroom, request_ids, decision, by):
    """Decide those of these requests that are pending. Return an Outcome for each. The class's row is held."""
    effect = EFFECTS[decision]
    decided = effect.change.all(classroom.pk, list(request_ids), by.pk)
    if not decided:
        return []
    event_ids = dict(effect.write(classroom, [join_request.pk for join_request in decided], by))
    mark_asked_read(classroom.pk)
    return [
        Outcome(join_request, decision, by, is_done=True, event_id=event_ids[join_request.user_id])
        for join_request in sorted(decided, key=lambda join_request: event_ids[join_request.user_id])
    ]


def _unchanged(classroom, asked, outcomes, decision, by):
    """Return an Outcome for each of the queryset `asked` that this press has not decided."""
    decided = [outcome.join_request.pk for outcome in outcomes]
    others = asked.exclude(pk__in=decided).with_denials().select_related("user", "decided_by", "join_code")
    found = list(others)
    repeated = _find_repeated(classroom, found, decision, by)
    blocked = _block_who_cancelled(classroom, found, by) if decision == Decision.KEEP_OUT else []
    return [
        Outcome(
            join_request,
            decision,
            by,
            is_done=join_request.pk in repeated,
            event_id=repeated.get(join_request.pk),
            is_blocked=join_request.is_withdrawn and join_request.user in blocked,
        )
        for join_request in found
    ]


def _block_who_cancelled(classroom, found, by):
    """Block the people who have cancelled these requests and done nothing since. Return the users."""
    cancelled = [join_request.user_id for join_request in found if join_request.is_withdrawn]
    return block_leavers(classroom, cancelled, by) if cancelled else []


def _find_repeated(classroom, found, decision, by):
    """Return the requests that `by` has just decided in the same way, so that this repeats it (J10).

    The result is a dict: pk of the request -> pk of the Event that decided it.
    """
    effect = EFFECTS[decision]
    same = [
        join_request
        for join_request in found
        if join_request.is_just_decided
        and (join_request.status, join_request.decided_by_id) == (effect.status, by.pk)
    ]
    if decision != Decision.APPROVE:
        # Saying no and blocking end in the same status, but they are two acts.
        blocked = classroom.kept_out.filter(user__join_requests__in=same)
        blocked_ids = set(blocked.values_list("user", flat=True))
        is_block = decision == Decision.KEEP_OUT
        same = [join_request for join_request in same if (join_request.user_id in blocked_ids) == is_block]
    acts = classroom.events.filter(
        kind=DECIDING[effect.status], user__in=[join_request.user_id for join_request in same]
    )
    latest = dict(acts.order_by("pk").values_list("user", "pk"))
    return {join_request.pk: latest[join_request.user_id] for join_request in same}
