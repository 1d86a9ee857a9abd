from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse

from accounts.models import Notification
from classroom.models import Door, Event, KeptOut
from classroom.rights import MANAGERS
from joins.exceptions import AlreadyDecided, AskedTooSoon
from joins.models.decision import Decision
from joins.moments import moment


class JoinRequestQuerySet(models.QuerySet):
    def pending(self):
        return self.filter(status=JoinRequest.Status.PENDING)

    def queue(self):
        """The approval queue: oldest first (Q1)."""
        return self.pending().select_related("user").order_by("asked_at", "pk")

    def managed_by(self, user):
        """The requests of the classes that `user` manages."""
        return self.filter(
            classroom__memberships__user=user,
            classroom__memberships__role__in=MANAGERS,
            classroom__archived_at=None,
        )

    def ask(self, classroom, by, door, join_code=None):
        """File one knock and tell the managers, once (J10). Who waits already gets that same request back (J8).

        The class's row is locked by the caller. Raises AskedTooSoon after a denial (Q6).
        """
        latest = self._latest(classroom, by)
        if latest and latest.status == JoinRequest.Status.PENDING:
            return latest
        if latest and latest.is_too_soon:
            raise AskedTooSoon(classroom, latest.decided_at + settings.ASK_AGAIN_AFTER)
        asked = self.create(
            classroom=classroom,
            user=by,
            door=door,
            join_code=join_code,
            name=by.full_name,
            class_name=classroom.name,
        )
        classroom.record(Event.Kind.ASK, by, door=door, code=join_code.code if join_code else "")
        Notification.objects.tell(
            classroom.managers(),
            text=f"{by.full_name} asks to join {classroom.name}.",
            link=asked.queue_path,
            topic=classroom.public_id,
            about=asked.about,
            mail_after=settings.DIGEST_EVERY,
        )
        return asked

    def decide(self, classroom, ids, decision, by):
        """Approve, deny or keep out those of `ids` that wait in this class; return all of `ids` found there.

        Each returned request tells its outcome: `is_new` where this act decided it, else an earlier decision stands
        (Q2, Q3). One transaction, a fixed number of statements. Raises NotAllowed, ArchivedFirst.
        """
        with classroom.one_at_a_time("decide", by) as classroom:
            classroom.demand_open()
            found = list(
                self.filter(classroom=classroom, pk__in=ids).select_related("user", "decided_by", "join_code")
            )
            waiting = [request for request in found if request.status == JoinRequest.Status.PENDING]
            if waiting:
                self._decide(classroom, waiting, Decision(decision), by)
        return found

    def _latest(self, classroom, user):
        denied_lately = models.Q(
            status=JoinRequest.Status.DENIED, decided_at__gt=Now() - settings.ASK_AGAIN_AFTER
        )
        mine = self.filter(classroom=classroom, user=user).order_by("-pk")
        return mine.annotate(
            is_too_soon=models.ExpressionWrapper(denied_lately, output_field=models.BooleanField())
        ).first()

    def _decide(self, classroom, waiting, decision, by):
        approved = decision == Decision.APPROVE
        status = JoinRequest.Status.APPROVED if approved else JoinRequest.Status.DENIED
        ids = [request.pk for request in waiting]
        self.pending().filter(pk__in=ids).update(status=status, decided_at=Now(), decided_by=by)
        if approved:
            classroom.enroll((request.user, request.door, request.code) for request in waiting)
        if decision == Decision.KEEP_OUT:
            KeptOut.objects.bulk_create(
                (KeptOut(classroom=classroom, user=request.user, by=by) for request in waiting),
                ignore_conflicts=True,
            )
        Event.objects.bulk_create(
            Event(
                classroom=classroom, kind=kind, by=by, user=request.user, door=request.door, code=request.code
            )
            for request in waiting
            for kind in decision.events
        )
        Notification.objects.settle([request.about for request in waiting])
        Notification.objects.bulk_create(decision.result(request) for request in waiting)
        for request in waiting:
            request.status, request.decided_by, request.is_new = status, by, True


class JoinRequest(models.Model):
    """One knock: who, by which door, when, what became of it. Decided, it never changes; a new knock is a new row."""

    class Status(models.TextChoices):
        PENDING = "pending", "waits"
        APPROVED = "approved", "let in"
        DENIED = "denied", "denied"
        WITHDRAWN = "withdrawn", "withdrawn"
        ADMITTED = "admitted", "came in by an unlocked Code"

    classroom = models.ForeignKey("classroom.Classroom", models.CASCADE, related_name="join_requests")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="join_requests")
    door = models.CharField(max_length=8, choices=Door)
    join_code = models.ForeignKey(
        "joins.JoinCode", models.PROTECT, null=True, blank=True, related_name="join_requests"
    )
    # As they were when asked: a later rename changes neither what is approved (T46) nor what is told (T10).
    name = models.CharField(max_length=121)
    class_name = models.CharField(max_length=100)
    asked_at = models.DateTimeField(db_default=Now())
    status = models.CharField(max_length=9, choices=Status, default=Status.PENDING)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="join_requests_decided"
    )

    objects = JoinRequestQuerySet.as_manager()
    is_new = False

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
            models.Index(
                fields=["classroom", "asked_at", "id"],
                condition=models.Q(status="pending"),
                name="approval_queue",
            )
        ]

    def __str__(self):
        return f"{self.name} asks to join {self.class_name}"

    @property
    def about(self):
        """The key under which notifications tell of this request."""
        return f"join-request:{self.pk}"

    @property
    def code(self):
        return self.join_code.code if self.join_code else ""

    @property
    def queue_path(self):
        return reverse("joins:queue", args=[self.classroom.public_id])

    @property
    def asked(self):
        """What the pop-up says: who has to approve it, and why (J2, J6)."""
        why = f"The Code of {self.class_name} is locked, so you" if self.door == Door.CODE else "You"
        owner = self.classroom.owner.full_name
        return f"{why} have asked to join {self.class_name}. {owner} or a co-teacher has to approve it."

    @property
    def told(self):
        """Who decided what, when: the answer to a later press (Q3). The class's row need not be locked."""
        when = moment(self.decided_at)
        if self.status == self.Status.WITHDRAWN:
            return f"{self.name} withdrew the request on {when}."
        if self.status == self.Status.ADMITTED:
            return f"{self.name} came in by an unlocked Code on {when}."
        return f"{self.name} was {self.get_status_display()} by {self.decided_by.full_name} on {when}."

    def withdraw(self):
        """The requester's own act. Raises AlreadyDecided; then nothing has changed."""
        with self.classroom.one_at_a_time() as classroom:
            if not self.close(self.Status.WITHDRAWN):
                self.refresh_from_db()
                raise AlreadyDecided(self)
            classroom.record(Event.Kind.WITHDRAW_REQUEST, self.user, door=self.door, code=self.code)

    def close(self, status):
        """End it by an act of the requester, if it still waits; say whether it did. The class's row is locked."""
        waits = JoinRequest.objects.pending().filter(pk=self.pk)
        closed = waits.update(status=status, decided_at=Now(), decided_by=self.user)
        if closed:
            Notification.objects.settle([self.about])
        return bool(closed)
