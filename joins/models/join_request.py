from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from accounts.compiled import compiled_update
from accounts.models import Notification
from classroom.models import Door, Event
from joins import notices
from joins.decided_sentences import say_of_request
from joins.exceptions import AlreadyDecided
from joins.models.join_request_queryset import DECIDING, JoinRequestQuerySet


class JoinRequest(models.Model):
    """One request to join a class: who asked, by which door, when, and how it ended.

    Asking again creates a new row. What changes it:

    pending    acts.ask.ask(), or acts.move_to_queue.move_all_to_queue() for somebody who was a member; acts.undo.undo()
    approved   acts.queue.decide(), or acts.undo.let_in_after_all() after a denial
    denied     acts.queue.decide()
    withdrawn  withdraw(), or acts.fold_account.fold(), when a manager puts the account together with another one
    admitted   acts.by_code.use_code(), with an unlocked Code or a slip, or receivers.close_pending_request()
    """

    class Status(models.TextChoices):
        """The state of a join request. Once it has ended, only acts.undo changes it, and only approved and denied."""

        PENDING = "pending", "waits"
        APPROVED = "approved", "let in"
        DENIED = "denied", "not let in"
        WITHDRAWN = "withdrawn", "cancelled"
        ADMITTED = "admitted", "came in by an unlocked Code or a slip"

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
    # A new account asked when the quota of its teacher, or of the class, was used up. The queue folds these (T34).
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
    slip_name = ""  # see queue()
    managers = ()  # of the class, if ask() has just created the request, and so has read them

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
                condition=models.Q(door__in=["code", "slip"], join_code__isnull=False)
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
        """Whether a manager has decided it, and the person has the place that it gave them. Needs for_undoing()."""
        act = DECIDING.get(self.status)
        return act is not None and self.is_latest and self.last_change_kind == act

    @property
    def code(self):
        return self.join_code.code if self.join_code else ""

    @property
    def pop_up(self):
        """The text of the pop-up: who has to approve the request, and why (J2, J6)."""
        name = self.class_name
        asked = f"You have asked to join {name}."
        if self.door == Door.CODE and not self.moved_to_queue:
            asked = f"The Code of {name} is locked, so you have asked to join {name}."
        # Without a co-teacher, the sentence names only the owner.
        first, *others = self.managers or self.classroom.managers() or [self.classroom.owner]
        if others:
            return f"{asked} {first.full_name} or a co-teacher has to approve it."
        return f"{asked} {first.full_name} has to approve it."

    def who_decided(self, reader):
        """Return who decided what and when, as `reader` is told, a manager who presses later (Q3)."""
        is_folded = self.is_withdrawn and self.decided_by_id != self.user_id
        became = "folded" if is_folded else self.status
        by = reader if self.decided_by_id == reader.pk else self.decided_by
        facts = {"user": self.name, "class_name": self.class_name}
        return say_of_request(became, by, reader, self.decided_at, **facts)

    @property
    def _how_it_ended(self):
        """How the request ended, for the person who asked (Q4)."""
        if self.status == self.Status.APPROVED:
            return f"You have been let in to {self.class_name} already."
        if self.status == self.Status.ADMITTED:
            return f"You have joined {self.class_name} already."
        return f"A teacher has said no to your request to join {self.class_name} already."

    def withdraw(self):
        """Cancel the request, as its requester. The second time changes nothing. Raises AlreadyDecided."""
        with self.classroom.one_at_a_time() as classroom:
            if not close_request(classroom.pk, self.pk, self.user_id, self.Status.WITHDRAWN):
                self.refresh_from_db()
                if self.is_withdrawn:
                    return
                raise AlreadyDecided(f"{self._how_it_ended} There is no request to cancel any more.")
            classroom.record(Event.Kind.WITHDRAW_REQUEST, self.user, door=self.door, code=self.code)


def close_request(classroom_id, request_id, user_id, status):
    """End a request because of something that its requester did. Return whether it was still pending.

    The caller holds the class's row.
    """
    pending = JoinRequest.objects.pending().filter(pk=request_id)
    if closed := pending.update(status=status, decided_at=Now(), decided_by=user_id):
        mark_asked_read(classroom_id)
    return bool(closed)


def mark_asked_read(classroom_id):
    """Mark what notices.asked() has written as read, if nobody waits any more."""
    _mark_asked_read.run(
        classroom_id, notices.about_queue(classroom_id), notices.about_over_quota(classroom_id)
    )


@compiled_update
def _mark_asked_read(classroom_id, about_queue, about_over_quota):
    pending = JoinRequest.objects.pending().filter(classroom=classroom_id)
    is_empty = models.Q(about=about_queue) & ~models.Exists(pending.within_quota())
    is_empty |= models.Q(about=about_over_quota) & ~models.Exists(pending.filter(over_quota=True))
    return Notification.objects.unread().filter(is_empty), {"read_at": Now()}
