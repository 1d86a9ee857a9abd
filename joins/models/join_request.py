from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce, Now

from accounts.compiled import compiled_update
from accounts.models import Notification
from classroom.models import Door, Event, KeptOut, Membership
from classroom.models.event import SECOND_PRESS_WITHIN
from classroom.rights import MANAGERS
from joins import notices
from joins.exceptions import AlreadyDecided
from joins.models.subqueries import count_of
from joins.times import HELP_AFTER, UNDO_WITHIN, format_moment, waits_by_denials

# If somebody cancels and asks again within this time, the managers get no mail about it before it is over (T50, N3).
NO_MAIL_AFTER_WITHDRAWAL = timedelta(hours=1)
REMIND_AFTER = timedelta(days=1)  # how long a request waits until the managers are told of it again (N4)
# If one request has waited that long, the reminder covers all that were made within this time after it, so that a
# class that asked in the same lesson is one reminder.
REMIND_TOGETHER = timedelta(hours=1)
OLDEST_FIRST = ["asked_at", "pk"]
# Who asked, and by which door and Code: the fields of a Membership or an Event, as expressions over requests (J9).
HOW_THEY_ASKED = {
    "user": models.F("user"),
    "door": models.F("door"),
    "code": Coalesce("join_code__code", models.Value("")),
}

# How the history calls a manager's decision that led to this status.
DECIDING = {"approved": Event.Kind.APPROVE_REQUEST, "denied": Event.Kind.DENY_REQUEST}


def _as_boolean(condition):
    return models.ExpressionWrapper(condition, models.BooleanField())


class JoinRequestQuerySet(models.QuerySet):
    def pending(self):
        return self.filter(status=JoinRequest.Status.PENDING)

    def queue(self):
        """Return the approval queue: oldest first (Q1), with the requests over the quota after all others (T34)."""
        people = self.pending().select_related("user", "user__sign_up")
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
        answering = Membership.objects.answering()
        return self.pending().filter(models.Exists(answering.filter(classroom=models.OuterRef("classroom"))))

    def with_waits_long(self):
        """Add `waits_long`: whether the card of a pending request says who to ask (N4)."""
        return self.annotate(waits_long=_as_boolean(models.Q(asked_at__lte=Now() - HELP_AFTER)))

    def managed_by(self, user):
        """Filter by requests to join the open classes that `user` manages."""
        return self.filter(
            classroom__memberships__user=user,
            classroom__memberships__role__in=MANAGERS,
            classroom__archived_at=None,
        )

    def latest_is_moved_to_queue(self):
        """Return one row: whether the latest of these requests moved a member to the queue and is not decided yet."""
        undecided = models.Q(
            moved_to_queue=True, status__in=[JoinRequest.Status.PENDING, JoinRequest.Status.WITHDRAWN]
        )
        return self.order_by("-pk").annotate(stands=_as_boolean(undecided)).values("stands")[:1]

    def with_denials(self):
        """Add `denials`, the number of times that this class has denied the person, and three flags.

        `is_too_soon`: the request was decided so recently that, if it was denied, the person must still wait. Letting a
        person back ends that wait (Q9). `is_recent`: it was decided within NO_MAIL_AFTER_WITHDRAWAL.
        `is_just_decided`: a press now may be the second press of the button that decided it (J10).
        """
        denied = JoinRequest.objects.filter(
            status=JoinRequest.Status.DENIED,
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
            is_too_soon=_as_boolean(has_to_wait & ~models.Exists(let_back)),
            is_recent=_as_boolean(models.Q(decided_at__gt=Now() - NO_MAIL_AFTER_WITHDRAWAL)),
            is_just_decided=_as_boolean(models.Q(decided_at__gte=Now() - SECOND_PRESS_WITHIN)),
        )

    def with_time_to_undo(self):
        """Add `is_latest`: the person has not asked again; and `is_within_undo`: it was decided within UNDO_WITHIN."""
        later = JoinRequest.objects.filter(
            pk__gt=models.OuterRef("pk"),
            user=models.OuterRef("user"),
            classroom=models.OuterRef("classroom"),
        )
        return self.select_related("user", "decided_by", "join_code").annotate(
            is_latest=~models.Exists(later),
            is_within_undo=_as_boolean(models.Q(decided_at__gt=Now() - UNDO_WITHIN)),
        )

    def for_undoing(self):
        """Load what decides whether a decision can be undone (Q9); JoinRequest.decision_stands needs it.

        That is with_time_to_undo(), and `last_move` and `last_move_kind`: pk and kind of the latest Event that moved
        the person in this class.
        """
        here = Event.objects.filter(classroom=models.OuterRef("classroom"))
        moves = here.moves_of(models.OuterRef("user")).reverse()
        return self.with_time_to_undo().annotate(
            last_move=models.Subquery(moves.values("pk")[:1]),
            last_move_kind=models.Subquery(moves.values("kind")[:1]),
        )

    def close(self, classroom_id, request_id, user_id, status):
        """End a request because of something that its requester did. Return whether it was still pending.

        The caller holds the class's row.
        """
        pending = self.pending().filter(pk=request_id)
        if closed := pending.update(status=status, decided_at=Now(), decided_by=user_id):
            mark_asked_read(classroom_id)
        return bool(closed)


class JoinRequest(models.Model):
    """One request to join a class: who asked, by which door, when, and how it ended.

    Asking again creates a new row. What changes it:

    pending    acts.ask.ask(), or acts.leak.move_all_to_queue() for somebody who was a member; acts.undo.undo()
    approved   acts.queue.decide(), or acts.undo.let_in_after_all() after a denial
    denied     acts.queue.decide()
    withdrawn  withdraw()
    admitted   acts.by_code.use_code(), with an unlocked Code
    """

    class Status(models.TextChoices):
        """The state of a join request. Once it has ended, only acts.undo changes it, and only approved and denied."""

        PENDING = "pending", "waits"
        APPROVED = "approved", "let in"
        DENIED = "denied", "not let in"
        WITHDRAWN = "withdrawn", "cancelled"
        ADMITTED = "admitted", "came in by an unlocked Code"

    classroom = models.ForeignKey(
        "classroom.Classroom",
        models.CASCADE,
        related_name="join_requests",
        db_index=False,
        verbose_name="class",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="join_requests", verbose_name="person"
    )
    door = models.CharField(max_length=8, choices=Door, verbose_name="asked with")
    join_code = models.ForeignKey(
        "joins.JoinCode", models.PROTECT, null=True, blank=True, related_name="join_requests"
    )
    # Both names as they were at the time of the request. If somebody changes a name later, managers still see the name
    # that asked (T46), and the requester still reads the class's name that they knew (T10).
    name = models.CharField(max_length=121)
    class_name = models.CharField(max_length=100)
    # The person was a member and was moved to the queue (T30). No Code lets them in until a manager has decided.
    moved_to_queue = models.BooleanField(db_column="set_aside", default=False, db_default=False)
    # A new account asked when its teacher's quota was used up. The queue shows these requests folded away (T34).
    over_quota = models.BooleanField(default=False, db_default=False, editable=False)
    asked_at = models.DateTimeField(db_default=Now())
    status = models.CharField(max_length=9, choices=Status, default=Status.PENDING)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="join_requests_decided"
    )

    # When the managers were told of it again, and when its requester was told who to ask; each happens once (N4).
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    helped_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = JoinRequestQuerySet.as_manager()
    managers = ()  # of the class, if the request has just been created: notices.asked() has read them

    class Meta:
        verbose_name = "request to join"
        verbose_name_plural = "requests to join"
        constraints = [
            models.UniqueConstraint(
                fields=["classroom", "user"], condition=models.Q(status="pending"), name="one_pending_request"
            ),
            models.CheckConstraint(
                condition=models.Q(status="pending", decided_at=None, decided_by=None)
                | models.Q(
                    status__in=["approved", "denied", "withdrawn", "admitted"],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                ),
                name="join_request_decided_at_and_by",
            ),
            models.CheckConstraint(
                condition=models.Q(door="code", join_code__isnull=False)
                | models.Q(door="join-url", join_code=None),
                name="join_request_by_code_names_it",
            ),
        ]
        indexes = [
            models.Index(fields=["classroom", "user"], name="requests_of_a_person"),
            models.Index(
                fields=["classroom", "over_quota", "asked_at", "id"],
                condition=models.Q(status="pending"),
                name="queue_of_a_class",
            ),
        ]

    def __str__(self):
        return f"{self.name} asks to join {self.class_name}"

    @property
    def about(self):
        """The `about` of the managers' notifications that cover this request."""
        about = notices.about_over_quota if self.over_quota else notices.about_queue
        return about(self.classroom_id)

    @property
    def is_withdrawn(self):
        return self.status == self.Status.WITHDRAWN

    @property
    def is_decided(self):
        return self.status != self.Status.PENDING

    @property
    def decision_stands(self):
        """Whether a manager has decided it, and nobody has moved the person since. Needs for_undoing()."""
        act = DECIDING.get(self.status)
        return act is not None and self.is_latest and self.last_move_kind == act

    @property
    def code(self):
        return self.join_code.code if self.join_code else ""

    @property
    def pop_up(self):
        """The text of the pop-up: who has to approve the request, and why (J2, J6)."""
        is_locked = self.door == Door.CODE and not self.moved_to_queue
        why = f"The Code of {self.class_name} is locked, so you" if is_locked else "You"
        # Without a co-teacher, the sentence names only the owner.
        first, *others = self.managers or self.classroom.managers() or [self.classroom.owner]
        who = f"{first.full_name} or a co-teacher" if others else first.full_name
        return f"{why} have asked to join {self.class_name}. {who} has to approve it."

    def who_decided(self, reader):
        """Return who decided what and when, as `reader` is told, a manager who presses later (Q3)."""
        when = format_moment(self.decided_at)
        if self.is_withdrawn:
            return f"{self.name} cancelled the request on {when}."
        if self.status == self.Status.ADMITTED:
            return f"{self.name} came in by an unlocked Code on {when}."
        if self.status == self.Status.DENIED:
            who = "You" if self.decided_by_id == reader.pk else self.decided_by.full_name
            return f"{who} said no to {self.name} on {when}."
        if self.decided_by_id == reader.pk:
            return f"You let in {self.name} on {when}."
        return f"{self.name} was let in by {self.decided_by.full_name} on {when}."

    @property
    def _how_it_ended(self):
        """How the request ended, for the person who asked (Q4)."""
        if self.status == self.Status.APPROVED:
            return f"You have been let in to {self.class_name} already."
        if self.status == self.Status.ADMITTED:
            return f"You have joined {self.class_name} with its Code already."
        return f"A teacher has said no to your request to join {self.class_name} already."

    def withdraw(self):
        """Cancel the request, as its requester. The second time changes nothing. Raises AlreadyDecided."""
        with self.classroom.one_at_a_time() as classroom:
            if not JoinRequest.objects.close(classroom.pk, self.pk, self.user_id, self.Status.WITHDRAWN):
                self.refresh_from_db()
                if self.is_withdrawn:
                    return
                raise AlreadyDecided(f"{self._how_it_ended} There is no request to cancel any more.")
            classroom.record(Event.Kind.WITHDRAW_REQUEST, self.user, door=self.door, code=self.code)


def mark_asked_read(classroom_id):
    """Mark what notices.asked() has written as read, if nobody waits any more."""
    _mark_asked_read.run(
        classroom_id, notices.about_queue(classroom_id), notices.about_over_quota(classroom_id)
    )


@compiled_update
def _mark_asked_read(classroom_id, about_queue, about_over_quota):
    pending = JoinRequest.objects.pending().filter(classroom=classroom_id)
    is_empty = models.Q(about=about_queue) & ~models.Exists(pending.filter(over_quota=False))
    is_empty |= models.Q(about=about_over_quota) & ~models.Exists(pending.filter(over_quota=True))
    return Notification.objects.unread().filter(is_empty), {"read_at": Now()}
