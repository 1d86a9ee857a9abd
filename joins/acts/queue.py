"""Deciding the requests in the approval queue."""

from dataclasses import dataclass

from django.db import models
from django.db.models.functions import Now

from accounts.models import User
from classroom.models import Event, KeptOut
from joins import notices
from joins.models import JoinRequest


class Decision(models.TextChoices):
    APPROVE = "approve"
    DENY = "deny"
    KEEP_OUT = "keep-out"


STATUS = {
    Decision.APPROVE: JoinRequest.Status.APPROVED,
    Decision.DENY: JoinRequest.Status.DENIED,
    Decision.KEEP_OUT: JoinRequest.Status.DENIED,
}
EVENTS = {
    Decision.APPROVE: [Event.Kind.APPROVE_REQUEST],
    Decision.DENY: [Event.Kind.DENY_REQUEST],
    Decision.KEEP_OUT: [Event.Kind.DENY_REQUEST, Event.Kind.KEEP_OUT],
}
NOTICES = {
    Decision.APPROVE: notices.approved,
    Decision.DENY: notices.denied,
    Decision.KEEP_OUT: notices.denied_and_kept_out,
}


@dataclass(frozen=True)
class Outcome:
    """What a manager's press did to one join request."""

    join_request: JoinRequest
    decision: Decision
    by: User
    is_new: bool  # this press decided it, or the same person just did so in the same way (J10)
    event_id: int | None = None  # the decision in the history, if it is new

    def __str__(self):
        """The sentence that replaces the request in the queue (Q2)."""
        join_request = self.join_request
        if not join_request.is_decided:
            return f"{join_request.name} was not let in, because the account is closed. You can say no to the request."
        if not self.is_new:
            return join_request.who_decided(self.by)
        if join_request.status == JoinRequest.Status.APPROVED:
            return f"{join_request.name} is in."
        is_blocked = self.decision == Decision.KEEP_OUT
        return f"Said no to {join_request.name}{', and blocked.' if is_blocked else '.'}"


def decide(classroom, ids, decision, by):
    """Approve, deny or keep out the requests in `ids` that are pending in this class. Return an Outcome for each.

    Requests of other classes are left out. An earlier decision stands (Q2, Q3). A request of a closed account can't be
    approved and stays pending (Q10). The number of statements is fixed. Raises NotAllowed, ArchivedFirst.
    """
    decision = Decision(decision)
    with classroom.one_at_a_time("decide", by) as classroom:
        classroom.check_not_archived(by)
        join_requests = classroom.join_requests.filter(pk__in=ids).with_denials()
        found = list(join_requests.select_related("user", "decided_by", "join_code"))
        pending = [
            request
            for request in found
            if not request.is_decided and (request.user.is_active or decision != Decision.APPROVE)
        ]
        new = _find_repeated(classroom, found, decision, by) if len(pending) < len(found) else {}
        if pending:
            new |= _write_decision(classroom, pending, decision, by)
    return [
        Outcome(request, decision, by, is_new=request.pk in new, event_id=new.get(request.pk))
        for request in found
    ]


def _find_repeated(classroom, found, decision, by):
    """Return the requests that `by` has just decided in the same way, so that this repeats it (J10).

    The result is a dict: pk of the request -> pk of the Event that decided it.
    """
    same = [
        request
        for request in found
        if request.is_just_decided and (request.status, request.decided_by_id) == (STATUS[decision], by.pk)
    ]
    if decision != Decision.APPROVE:
        # Saying no and blocking end in the same status, but they are two acts.
        blocked = classroom.kept_out.filter(user__join_requests__in=[request.pk for request in same])
        blocked_ids = set(blocked.values_list("user", flat=True))
        is_block = decision == Decision.KEEP_OUT
        same = [request for request in same if (request.user_id in blocked_ids) == is_block]
    acts = classroom.events.filter(kind=EVENTS[decision][0], user__in=[request.user_id for request in same])
    latest = dict(acts.order_by("pk").values_list("user", "pk"))
    return {request.pk: latest[request.user_id] for request in same}


def _write_decision(classroom, pending, decision, by):
    """Decide the requests. Return a dict: pk of the request -> pk of the Event that decided it."""
    status = STATUS[decision]
    ids = [request.pk for request in pending]
    JoinRequest.objects.pending().filter(pk__in=ids).update(status=status, decided_at=Now(), decided_by=by)
    if decision == Decision.APPROVE:
        classroom.enroll((request.user, request.door, request.code) for request in pending)
    if decision == Decision.KEEP_OUT:
        KeptOut.objects.bulk_create(
            (KeptOut(classroom=classroom, user=request.user, by=by) for request in pending),
            ignore_conflicts=True,
        )
    kinds = EVENTS[decision]
    events = Event.objects.bulk_create(
        Event(classroom=classroom, kind=kind, by=by, user=request.user, door=request.door, code=request.code)
        for request in pending
        for kind in kinds
    )
    JoinRequest.objects.mark_notifications_read(classroom.pk, [request.about for request in pending])
    for request in pending:
        request.status, request.decided_by = status, by
    NOTICES[decision](pending)
    return {request.pk: event.pk for request, event in zip(pending, events[:: len(kinds)], strict=True)}
