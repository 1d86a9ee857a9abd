from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse

from accounts.models import Notification
from classroom.models import Door, Event
from joins.exceptions import AlreadyDecided
from joins.models.approval_queue import JoinRequestQuerySet, over_quota_in
from joins.models.decision import Decision, Status
from joins.moments import moment


class JoinRequest(models.Model):
    """One knock: who, by which door, when, what became of it. Decided, it never changes; a new knock is a new row."""

    Status = Status

    classroom = models.ForeignKey(
        "classroom.Classroom", models.CASCADE, related_name="join_requests", db_index=False
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="join_requests")
    door = models.CharField(max_length=8, choices=Door)
    join_code = models.ForeignKey(
        "joins.JoinCode", models.PROTECT, null=True, blank=True, related_name="join_requests"
    )
    # As they were when asked: a later rename changes neither what is approved (T46) nor what is told (T10).
    name = models.CharField(max_length=121)
    class_name = models.CharField(max_length=100)
    # A member who waits at the door again (T30): a Code lets them in no more until a manager has decided.
    set_aside = models.BooleanField(default=False, db_default=False)
    # Asked by a new account when the quota of its like was used up; the queue folds it (T34).
    over_quota = models.BooleanField(default=False, db_default=False, editable=False)
    # Means nothing any more. The release before this one still writes it while servers are exchanged; the next drops it
    # (F27).
    quiet = models.BooleanField(default=False, db_default=False, editable=False)
    asked_at = models.DateTimeField(db_default=Now())
    status = models.CharField(max_length=9, choices=Status, default=Status.PENDING)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="join_requests_decided"
    )

    objects = JoinRequestQuerySet.as_manager()
    is_new = is_blocked = False  # what decide() has come to

    class Meta:
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
        """The key under which notifications tell of this request, or of all that are folded in this class."""
        return over_quota_in(self.classroom_id) if self.over_quota else f"join-request:{self.pk}"

    @property
    def is_withdrawn(self):
        return self.status == self.Status.WITHDRAWN

    @property
    def code(self):
        return self.join_code.code if self.join_code else ""

    @property
    def asked(self):
        """What the pop-up says: who has to approve it, and why (J2, J6)."""
        is_locked = self.door == Door.CODE and not self.set_aside
        why = f"The Code of {self.class_name} is locked, so you" if is_locked else "You"
        owner = self.classroom.owner.full_name
        return f"{why} have asked to join {self.class_name}. {owner} or a co-teacher has to approve it."

    @property
    def is_decided(self):
        return self.status != self.Status.PENDING

    @property
    def outcome(self):
        """What a manager's press has come to, as it stands in the request's place in the queue (Q2)."""
        if not self.is_decided:
            return (
                f"{self.name} was not let in, because the account is closed. You can say no to the request."
            )
        if not self.is_new:
            return self.told
        if self.status == self.Status.APPROVED:
            return f"{self.name} is in."
        blocked = ", and blocked. To undo it, see who is kept out." if self.is_blocked else "."
        return f"Said no to {self.name}{blocked}"

    def is_repeated(self, decision, by, blocked):
        """Whether `by` has decided the same before; `blocked` holds the keys of the users who are kept out."""
        if self.decided_by_id != by.pk or (decision == Decision.KEEP_OUT and self.user_id not in blocked):
            return False
        return self.status == (self.Status.APPROVED if decision == Decision.APPROVE else self.Status.DENIED)

    @property
    def told(self):
        """Who decided what, when: the answer to a later press (Q3). The class's row need not be locked."""
        when = moment(self.decided_at)
        if self.is_withdrawn:
            return f"{self.name} withdrew the request on {when}."
        if self.status == self.Status.ADMITTED:
            return f"{self.name} came in by an unlocked Code on {when}."
        return f"{self.name} was {self.get_status_display()} by {self.decided_by.full_name} on {when}."

    @property
    def _told_requester(self):
        """What has become of it, said to the person who asked (Q4)."""
        if self.status == self.Status.APPROVED:
            return f"You have been let in to {self.class_name} already."
        if self.status == self.Status.ADMITTED:
            return f"You have joined {self.class_name} with its Code already."
        return f"A teacher has said no to your request to join {self.class_name} already."

    def tell_managers(self, mail_after):
        """Owner and co-teachers alike (Q1, Q5); after `mail_after` also by mail, unless it is read or dealt with.

        Of the folded ones they are told once, until they have read it or none of these waits any more (T34).
        """
        managers = self.classroom.managers()
        said = {
            "link": reverse("joins:queue", args=[self.classroom.public_id]),
            "topic": self.classroom.public_id,
            "about": self.about,
            "mail_after": mail_after,
        }
        if self.over_quota:
            told = set(Notification.objects.unread().filter(about=self.about).values_list("user", flat=True))
            text = f"Many new accounts ask to join {self.class_name}. Look before you let them in."
            Notification.objects.tell([user for user in managers if user.pk not in told], text=text, **said)
        else:
            text = f"{self.name} asks to join {self.class_name}."
            Notification.objects.tell(managers, text=text, mentions=self.user, **said)

    def withdraw(self):
        """The requester's own act. The second time changes nothing. Raises AlreadyDecided; then nothing has changed."""
        with self.classroom.one_at_a_time() as classroom:
            if not self.close(self.Status.WITHDRAWN):
                self.refresh_from_db()
                if self.is_withdrawn:
                    return
                raise AlreadyDecided(f"{self._told_requester} There is no request to withdraw any more.")
            classroom.record(Event.Kind.WITHDRAW_REQUEST, self.user, door=self.door, code=self.code)

    def close(self, status):
        """End it by an act of the requester, if it still waits; say whether it did. The class's row is locked."""
        waits = JoinRequest.objects.pending().filter(pk=self.pk)
        closed = waits.update(status=status, decided_at=Now(), decided_by=self.user_id)
        if closed:
            JoinRequest.objects.settle(self.classroom_id, [self])
        return bool(closed)
