from datetime import timedelta
from typing import NamedTuple

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce, Now

from accounts.models import Notification, User
from classroom.models import Classroom, Door, Event, Membership
from classroom.models.compiled import compiled
from classroom.rights import MANAGERS
from joins import notices
from joins.exceptions import (
    AlreadyDecided,
    AskedTooSoon,
    AskingPaused,
    CameTooOften,
    QueueFull,
    WaitsEnough,
)
from joins.models.sign_up import SignUp
from joins.models.subqueries import count_of
from joins.times import ask_again_after, moment

A_DAY = timedelta(days=1)
# If somebody cancels and asks again within it, the managers get no mail before it is over (T50, N3).
NO_MAIL_AFTER_WITHDRAWAL = timedelta(hours=1)
# Times a day that one person may come to a class: each stands in its history, in which others must be found (T33).
MOST_TIMES_A_DAY = 20


def about_over_quota(classroom_id):
    """The `about` of notifications that tell of all requests over the quota in this class together (T34)."""
    return f"over-quota:{classroom_id}"


def times_come(classroom, user):
    """How often the person has joined or asked to join within a day, whatever became of it; as an expression."""
    came = Event.objects.filter(kind__in=[Event.Kind.ASK, Event.Kind.JOIN], at__gt=Now() - A_DAY)
    return count_of(came.filter(classroom=classroom, by=user), "by")


def demand_not_too_often(times):
    """Raises CameTooOften."""
    if times >= MOST_TIMES_A_DAY:
        raise CameTooOften(MOST_TIMES_A_DAY)


def _truth(condition):
    return models.ExpressionWrapper(condition, models.BooleanField())


def _managed_by(teacher):
    return Membership.objects.filter(user=teacher, role__in=MANAGERS)


class Asker(NamedTuple):
    """What decides whether a person may ask to join a class, counted when they do."""

    latest: int | None  # the number of their latest request here
    made_by: (
        int | None
    )  # whose Code made their account within a day, where it is another class's teacher (T34)
    pending_in_class: int
    pending_of_person: int
    paused_by: int | None  # who paused the Join URL
    times_come: int


class Status(models.TextChoices):
    """What became of a join request. Only a pending one changes."""

    PENDING = "pending", "waits"
    APPROVED = "approved", "let in"
    DENIED = "denied", "denied"
    WITHDRAWN = "withdrawn", "withdrawn"
    ADMITTED = "admitted", "came in by an unlocked Code"


class JoinRequestQuerySet(models.QuerySet):
    def pending(self):
        return self.filter(status=Status.PENDING)

    def queue(self):
        """The approval queue: oldest first (Q1), and after all others the requests over the quota (T34)."""
        people = self.pending().select_related("user", "user__sign_up")
        return people.order_by("over_quota", "asked_at", "pk")

    def managed_by(self, user):
        """The requests of the classes that `user` manages."""
        return self.filter(
            classroom__memberships__user=user,
            classroom__memberships__role__in=MANAGERS,
            classroom__archived_at=None,
        )

    def latest_is_set_aside(self):
        """Whether the latest of these requests was a setting aside that no manager has decided; one row."""
        undecided = models.Q(set_aside=True, status__in=[Status.PENDING, Status.WITHDRAWN])
        return self.order_by("-pk").annotate(stands=_truth(undecided)).values("stands")[:1]

    def with_denials(self):
        """Adds `denials`, how often this class has denied the person; `is_recent`, and `is_too_soon`, decided lately.

        Letting a person back ends their waiting time (Q9).
        """
        denied = JoinRequest.objects.filter(
            status=Status.DENIED, user=models.OuterRef("user"), classroom=models.OuterRef("classroom")
        )
        let_back = Event.objects.filter(
            classroom=models.OuterRef("classroom"),
            user=models.OuterRef("user"),
            kind=Event.Kind.LET_BACK,
            at__gte=models.OuterRef("decided_at"),
        )
        within_first = models.Q(decided_at__gt=Now() - settings.ASK_AGAIN_AFTER)
        within_second = models.Q(decided_at__gt=Now() - settings.ASK_AGAIN_AFTER_SECOND, denials__gt=1)
        return self.annotate(
            denials=count_of(denied, "user"),
            is_too_soon=_truth((within_first | within_second) & ~models.Exists(let_back)),
            is_recent=_truth(models.Q(decided_at__gt=Now() - NO_MAIL_AFTER_WITHDRAWAL)),
        )

    def mark_denied_before(self, join_requests):
        """Give each of these requests `denied_before`, the latest denied one of the same person here, or None (Q10)."""
        people = {join_request.user_id for join_request in join_requests}
        denied = (
            self.filter(user__in=people, status=Status.DENIED).select_related("decided_by").order_by("pk")
        )
        latest = {before.user_id: before for before in denied} if people else {}
        for join_request in join_requests:
            join_request.denied_before = latest.get(join_request.user_id)

    def ask(self, classroom, by, door, join_code_id=None, code=""):
        """Create a request and tell the managers, once (J10). Somebody who waits already gets that request back (J8).

        The rows of the class and of the person are locked by the caller, so no other request of either is created while
        they are counted. Raises AskedTooSoon after a denial (Q6), AskingPaused, CameTooOften, QueueFull, WaitsEnough.
        """
        asker, before = self._asker(_asker_of.held(classroom.pk, by.pk))
        if before and before.status == Status.PENDING:
            return before
        _demand_may_ask(classroom, door, asker, before)
        asked = self.create(
            classroom=classroom,
            user=by,
            door=door,
            join_code_id=join_code_id,
            name=by.full_name,
            class_name=classroom.name,
            set_aside=bool(before and before.is_withdrawn and before.set_aside),
            over_quota=bool(
                asker.made_by and door == Door.JOIN_URL and self._is_quota_used_up(asker.made_by)
            ),
        )
        classroom.record(Event.Kind.ASK, by, door=door, code=code)
        is_again = before and before.is_withdrawn and before.is_recent
        notices.asked(asked, NO_MAIL_AFTER_WITHDRAWAL if is_again else settings.DIGEST_EVERY)
        return asked

    def demand_may_ask(self, classroom, by, door):
        """Raises what ask() would raise now; nothing is written."""
        asker, before = self._asker(_asker_of(classroom.pk, by.pk))
        if not before or before.status != Status.PENDING:
            _demand_may_ask(classroom, door, asker, before)

    def close(self, classroom_id, request_id, user_id, status):
        """End a request by an act of the person who asked, if it is still pending; returns whether it was.

        The class's row is locked.
        """
        pending = self.pending().filter(pk=request_id)
        if closed := pending.update(status=status, decided_at=Now(), decided_by=user_id):
            self.mark_notifications_read(classroom_id, [f"join-request:{request_id}"])
        return bool(closed)

    def mark_notifications_read(self, classroom_id, about):
        """The managers have no more to do with these requests: mark what told of them as read.

        `about` is a list of what JoinRequest.about says of each. What told of all requests over the quota together is
        read once none of them is pending any more.
        """
        together = about_over_quota(classroom_id)
        over_quota = self.model.objects.pending().filter(classroom=classroom_id, over_quota=True)
        each = models.Q(about__in=[each for each in about if each != together])
        is_over = models.Q(about=together) & ~models.Exists(over_quota)
        Notification.objects.filter(each | is_over).mark_read()

    def _asker(self, asker):
        """The Asker, and their latest request here with its denials, or None."""
        return asker, asker.latest and self.with_denials().get(pk=asker.latest)

    def _is_quota_used_up(self, teacher):
        """Whether accounts made with this teacher's Codes today have asked other teachers' classes often enough (T34).

        A teacher who makes accounts with many Codes, of many classes, or deletes the class, has one quota. Their row is
        held by _asker_of(), so that of requests at the same moment each is counted.
        """
        yesterday = Now() - A_DAY
        sign_ups = SignUp.objects.filter(join_code__created_by=teacher, at__gt=yesterday)
        # Filtering by the teacher first lets PostgreSQL start from that teacher's few accounts instead of from all
        # requests of the day.
        asked = self.model.objects.filter(
            ~models.Exists(_managed_by(teacher).filter(classroom=models.OuterRef("classroom"))),
            user__sign_up__join_code__created_by=teacher,
            user__sign_up__at__gt=yesterday,
            door=Door.JOIN_URL,
            asked_at__gt=yesterday,
        ).exclude(classroom=models.F("user__sign_up__join_code__classroom"))
        so_many = count_of(asked, "user__sign_up__join_code__created_by")
        found = Classroom.objects.filter(pk__in=sign_ups.values("join_code__classroom"))
        found = found.annotate(so_many=so_many).aggregate(
            expected=models.Sum("expected_size"), asked=models.Max("so_many")
        )
        # Both are None where all of these classes have been deleted since: then nothing is left of the quota.
        return (found["asked"] or 0) >= settings.NEW_ACCOUNTS_QUOTA * (found["expected"] or 0)


class JoinRequest(models.Model):
    """One request to join: who, by which door, when, what became of it. Decided, it never changes.

    Asking again makes a new row.
    """

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
    # A member who was moved back to the queue (T30): no Code lets them in until a manager has decided.
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
        """The `about` of notifications that tell of this request, or of all over the quota in this class."""
        return about_over_quota(self.classroom_id) if self.over_quota else f"join-request:{self.pk}"

    @property
    def is_withdrawn(self):
        return self.status == Status.WITHDRAWN

    @property
    def is_decided(self):
        return self.status != Status.PENDING

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
    def who_decided(self):
        """Who decided what, when: the answer to a later press (Q3). The class's row need not be locked."""
        when = moment(self.decided_at)
        if self.is_withdrawn:
            return f"{self.name} withdrew the request on {when}."
        if self.status == Status.ADMITTED:
            return f"{self.name} came in by an unlocked Code on {when}."
        return f"{self.name} was {self.get_status_display()} by {self.decided_by.full_name} on {when}."

    @property
    def _told_requester(self):
        """What has become of it, said to the person who asked (Q4)."""
        if self.status == Status.APPROVED:
            return f"You have been let in to {self.class_name} already."
        if self.status == Status.ADMITTED:
            return f"You have joined {self.class_name} with its Code already."
        return f"A teacher has said no to your request to join {self.class_name} already."

    def withdraw(self):
        """The requester's own act. The second time changes nothing. Raises AlreadyDecided; then nothing has changed."""
        with self.classroom.one_at_a_time() as classroom:
            if not self.close(Status.WITHDRAWN):
                self.refresh_from_db()
                if self.is_withdrawn:
                    return
                raise AlreadyDecided(f"{self._told_requester} There is no request to withdraw any more.")
            classroom.record(Event.Kind.WITHDRAW_REQUEST, self.user, door=self.door, code=self.code)

    def close(self, status):
        """End it by an act of the person who asked, if it is still pending; returns whether it was."""
        return JoinRequest.objects.close(self.classroom_id, self.pk, self.user_id, status)


def _demand_may_ask(classroom, door, asker, before):
    if before and before.status == Status.DENIED and before.is_too_soon:
        raise AskedTooSoon(before, before.decided_at + ask_again_after(before.denials))
    if asker.paused_by and door == Door.JOIN_URL:
        raise AskingPaused(classroom)
    demand_not_too_often(asker.times_come)
    if asker.pending_in_class >= settings.MOST_PENDING_IN_CLASS:
        raise QueueFull(classroom)
    if asker.pending_of_person >= settings.MOST_PENDING_OF_PERSON:
        raise WaitsEnough(asker.pending_of_person)


@compiled(Asker)
def _asker_of(classroom, user):
    """Held, it is the row of the teacher whose Code made their account, or else of the person, that is locked."""
    new = User.objects.filter(pk=user, sign_up__at__gt=Now() - A_DAY)
    managed = _managed_by(models.OuterRef("sign_up__join_code__created_by")).filter(classroom=classroom)
    made_elsewhere = new.filter(~models.Exists(managed)).exclude(sign_up__join_code__classroom=classroom)
    made_by = models.Subquery(made_elsewhere.values("sign_up__join_code__created_by"))
    mine = JoinRequest.objects.filter(classroom=classroom, user=user).order_by("-pk")
    pending = JoinRequest.objects.pending()
    join_url = apps.get_model("joins.JoinURL").objects.filter(classroom=classroom)
    return User.objects.filter(pk=Coalesce(made_by, user)).values_list(
        models.Subquery(mine.values("pk")[:1]),
        made_by,
        count_of(pending.filter(classroom=classroom), "classroom"),
        count_of(pending.filter(user=user), "user"),
        models.Subquery(join_url.values("paused_by")),
        times_come(classroom, user),
    )
