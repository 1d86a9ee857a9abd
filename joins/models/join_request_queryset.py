"""The sets of requests to join. The model is in join_request.py."""

from datetime import timedelta

from django.db import models
from django.db.models.functions import Coalesce, Now

from classroom.models import Event, KeptOut, Membership
from classroom.models.event import SECOND_PRESS_WITHIN
from classroom.models.listed_name import slip_name
from classroom.undoable import UNDO_WITHIN
from joins.models.subqueries import as_boolean, count_of
from joins.times import HELP_AFTER, waits_by_denials

# If somebody cancels and asks again within this time, the managers get no mail about it before it is over (T50, N3).
NO_MAIL_AFTER_WITHDRAWAL = timedelta(hours=1)
REMIND_AFTER = timedelta(days=1)  # how long a request waits until the managers are told of it again (N4)
OLDEST_FIRST = ["asked_at", "pk"]
# Who asked, and by which door and Code: the fields of a Membership or an Event, as expressions over requests (J9).
HOW_THEY_ASKED = {
    "user": models.F("user"),
    "door": models.F("door"),
    "code": Coalesce("join_code__code", models.Value("")),
}
# How the history calls a manager's decision that led to this status, and the act that undid it.
DECIDING = {"approved": Event.Kind.APPROVE_REQUEST, "denied": Event.Kind.DENY_REQUEST}
UNDOING = {"approved": Event.Kind.UNDO_APPROVAL, "denied": Event.Kind.UNDO_DENIAL}


class JoinRequestQuerySet(models.QuerySet):
    def pending(self):
        return self.filter(status=self.model.Status.PENDING)

    def with_pks(self, request_ids):
        """Filter by a list of pks. In a compiled query the list is one argument."""
        return self.filter(pk__one_of=request_ids)

    def within_quota(self):
        """Leave out what new accounts asked beyond a quota (T34)."""
        return self.filter(over_quota=False)

    def queue(self):
        """Return the approval queue: oldest first (Q1), with the requests over the quota after all others (T34).

        Each has `slip_name`, the name on the slip with which somebody had joined who was moved to the queue.
        """
        name = slip_name(slips__join_code=models.OuterRef("join_code"))
        people = self.pending().select_related("user", "user__sign_up").annotate(slip_name=name)
        return people.order_by("over_quota", *OLDEST_FIRST)

    def oldest_first(self):
        return self.order_by(*OLDEST_FIRST)

    def decided(self):
        """Return the requests that managers have decided, the newest decision first."""
        return self.filter(status__in=DECIDING).order_by("-decided_at", "-pk")

    def with_blocks(self):
        """Add `is_blocked`: neither the Code nor the Join URL of the class works for the person now (Q7)."""
        blocked = KeptOut.objects.filter(classroom=models.OuterRef("classroom"), user=models.OuterRef("user"))
        return self.annotate(is_blocked=models.Exists(blocked))

    def to_remind_of(self, waiting_for=REMIND_AFTER):
        """Filter by requests that have waited so long, and that the managers were not told of again."""
        return self._answerable().filter(reminded_at=None, asked_at__lte=Now() - waiting_for)

    def to_help(self):
        """Filter by requests whose requesters should read who to ask, and were not told yet."""
        return self._answerable().filter(helped_at=None, asked_at__lte=Now() - HELP_AFTER)

    def _answerable(self):
        """Filter by pending requests that somebody can decide (C4, C6)."""
        return self.pending().filter(Membership.objects.has_open_class())

    def with_waits_long(self):
        """Add `waits_long`: whether the card of a pending request says who to ask (N4)."""
        return self.annotate(waits_long=as_boolean(models.Q(asked_at__lte=Now() - HELP_AFTER)))

    def managed_by(self, user):
        """Filter by requests to join the classes that `user` manages, and that are not archived."""
        managing = Membership.objects.of_manager(user).not_archived()
        return self.filter(classroom__in=managing.values("classroom"))

    def latest_is_moved_to_queue(self):
        """Return one row: whether the latest of these requests moved a member to the queue and is not decided yet."""
        undecided = models.Q(
            moved_to_queue=True, status__in=[self.model.Status.PENDING, self.model.Status.WITHDRAWN]
        )
        return self.order_by("-pk").annotate(is_moved=as_boolean(undecided)).values("is_moved")[:1]

    def with_denials(self):
        """Add `denials`, the number of times that this class has denied the person, and three flags.

        `is_too_soon`: the request was decided so recently that, if it was denied, the person must still wait. Letting a
        person back ends that wait (Q9). `is_recent`: it was decided within NO_MAIL_AFTER_WITHDRAWAL.
        `is_just_decided`: a press now may be the second press of the button that decided it (J10).
        """
        denied = self.model.objects.filter(
            status=self.model.Status.DENIED,
            user=models.OuterRef("user"),
            classroom=models.OuterRef("classroom"),
        )
        let_back = Event.objects.filter(
            classroom=models.OuterRef("classroom"),
            user=models.OuterRef("user"),
            kind=Event.Kind.LET_BACK,
            at__gte=models.OuterRef("decided_at"),
        )
        has_to_wait = models.Q()
        for least, wait in waits_by_denials():
            has_to_wait |= models.Q(denials__gte=least, decided_at__gt=Now() - wait)
        return self.annotate(
            denials=count_of(denied, "user"),
            is_too_soon=as_boolean(has_to_wait & ~models.Exists(let_back)),
            is_recent=as_boolean(models.Q(decided_at__gt=Now() - NO_MAIL_AFTER_WITHDRAWAL)),
            is_just_decided=as_boolean(models.Q(decided_at__gte=Now() - SECOND_PRESS_WITHIN)),
        )

    def with_time_to_undo(self):
        """Add `is_latest`: the person has not asked again; and `is_within_undo`: it was decided within UNDO_WITHIN."""
        later = self.model.objects.filter(
            pk__gt=models.OuterRef("pk"),
            user=models.OuterRef("user"),
            classroom=models.OuterRef("classroom"),
        )
        return self.select_related("user", "decided_by", "join_code").annotate(
            is_latest=~models.Exists(later),
            is_within_undo=as_boolean(models.Q(decided_at__gt=Now() - UNDO_WITHIN)),
        )

    def for_undoing(self):
        """Load what decides whether a decision can be undone (Q9); JoinRequest.decision_stands needs it.

        That is with_time_to_undo(), and `last_change` and `last_change_kind`: pk and kind of the latest Event that
        changed the person's place in this class.
        """
        here = Event.objects.filter(classroom=models.OuterRef("classroom"))
        changes = here.place_changes_of(models.OuterRef("user")).reverse()
        return self.with_time_to_undo().annotate(
            last_change=models.Subquery(changes.values("pk")[:1]),
            last_change_kind=models.Subquery(changes.values("kind")[:1]),
        )
