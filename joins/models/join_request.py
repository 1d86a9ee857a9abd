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
    JoinedTooOften,
    QueueFull,
    WaitsEnough,
)
from joins.models.sign_up import SignUp
from joins.models.subqueries import count_of
from joins.times import ask_again_after, moment

A_DAY = timedelta(days=1)
# If somebody cancels and asks again within this time, the managers get no mail about it before it is over (T50, N3).
NO_MAIL_AFTER_WITHDRAWAL = timedelta(hours=1)
# How often a day one person may join a class or ask to join. Each time adds an event to the class's history, which must
# stay readable (T33).
MOST_TIMES_A_DAY = 20
ABOUT_ONE = "join-request"  # what the `about` of a notification of one request begins with


def about_over_quota(classroom_id):
    """Return the `about` of the notifications that cover all requests over the quota in this class together (T34)."""
    return f"over-quota:{classroom_id}"


def joins_today(classroom, user):
    """Return an expression that counts how often the person has joined, or asked to join, within the last day."""
    came = Event.objects.filter(kind__in=[Event.Kind.ASK, Event.Kind.JOIN], at__gt=Now() - A_DAY)
    return count_of(came.filter(classroom=classroom, by=user), "by")


def check_not_too_often(times):
    """Raise JoinedTooOften if this is the limit or more."""
    if times >= MOST_TIMES_A_DAY:
        raise JoinedTooOften(MOST_TIMES_A_DAY)


def _truth(condition):
    return models.ExpressionWrapper(condition, models.BooleanField())


def _managed_by(teacher):
    return Membership.objects.filter(user=teacher, role__in=MANAGERS)


class Asker(NamedTuple):
    """What decides whether a person may ask to join a class, read at the moment when they ask."""

    latest: int | None  # the pk of their latest request here
    # The teacher whose Code created their account within the last day, unless that teacher manages this class (T34).
    made_by: int | None
    pending_in_class: int
    pending_of_person: int
    paused_by: int | None  # the manager who paused the Join URL
    joins_today: int


class Status(models.TextChoices):
    """The state of a join request. Only a pending request can change its state."""

    PENDING = "pending", "waits"
    APPROVED = "approved", "let in"
    DENIED = "denied", "denied"
    WITHDRAWN = "withdrawn", "withdrawn"
    ADMITTED = "admitted", "came in by an unlocked Code"


class JoinRequestQuerySet(models.QuerySet):
    def pending(self):
        return self.filter(status=Status.PENDING)

    def queue(self):
        """Return the approval queue: oldest first (Q1), with the requests over the quota after all others (T34)."""
        people = self.pending().select_related("user", "user__sign_up")
        return people.order_by("over_quota", "asked_at", "pk")

    def managed_by(self, user):
        """Filter by requests to join the open classes that `user` manages."""
        return self.filter(
            classroom__memberships__user=user,
            classroom__memberships__role__in=MANAGERS,
            classroom__archived_at=None,
        )

    def latest_is_set_aside(self):
        """Return one row: whether the latest of these requests moved a member to the queue and is not decided yet."""
        undecided = models.Q(set_aside=True, status__in=[Status.PENDING, Status.WITHDRAWN])
        return self.order_by("-pk").annotate(stands=_truth(undecided)).values("stands")[:1]

    def with_denials(self):
        """Add `denials`, the number of times that this class has denied the person, `is_too_soon` and `is_recent`.

        `is_too_soon`: the request was decided so recently that, if it was denied, the person must still wait. Letting a
        person back ends that wait (Q9). `is_recent`: it was decided within NO_MAIL_AFTER_WITHDRAWAL.
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
        """Set `denied_before` on each request: the person's latest denied request to this class, or None (Q10)."""
        people = {join_request.user_id for join_request in join_requests}
        denied = (
            self.filter(user__in=people, status=Status.DENIED).select_related("decided_by").order_by("pk")
        )
        latest = {before.user_id: before for before in denied} if people else {}
        for join_request in join_requests:
            join_request.denied_before = latest.get(join_request.user_id)

    def ask(self, classroom, by, door, join_code_id=None, code=""):
        """Create a request, notify the managers and return it. If one of this person is pending, return that (J8, J10).

        The caller has locked the rows of the class and the person, so that nobody adds a request of either while they
        are counted. Raises AskedTooSoon after a denial (Q6); AskingPaused, JoinedTooOften, QueueFull, WaitsEnough.
        """
        asker, before = self._asker(_asker_of.for_update(classroom.pk, by.pk))
        if before and before.status == Status.PENDING:
            return before
        _check_may_ask(classroom, door, asker, before)
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

    def check_may_ask(self, classroom, by, door):
        """Raise what ask() would raise now, without writing anything."""
        asker, before = self._asker(_asker_of(classroom.pk, by.pk))
        if not before or before.status != Status.PENDING:
            _check_may_ask(classroom, door, asker, before)

    def close(self, classroom_id, request_id, user_id, status):
        """End a request because of something that its requester did. Return whether it was still pending.

        The caller has locked the class's row.
        """
        pending = self.pending().filter(pk=request_id)
        if closed := pending.update(status=status, decided_at=Now(), decided_by=user_id):
            self.mark_notifications_read(classroom_id, [f"{ABOUT_ONE}:{request_id}"])
        return bool(closed)

    def told_by(self, notification):
        """Return the request that this notification told a manager of, or None. Needs one that is about one request."""
        kind, _, pk = notification.about.partition(":")
        return self.select_related("user", "decided_by").filter(pk=pk).first() if kind == ABOUT_ONE else None

    def mark_notifications_read(self, classroom_id, about):
        """Mark the managers' notifications about these requests as read, because nothing is left to decide.

        `about` lists the JoinRequest.about of each. The notification that covers all requests over the quota together
        is only marked once none of them is pending.
        """
        together = about_over_quota(classroom_id)
        over_quota = self.model.objects.pending().filter(classroom=classroom_id, over_quota=True)
        each = models.Q(about__in=[each for each in about if each != together])
        is_over = models.Q(about=together) & ~models.Exists(over_quota)
        Notification.objects.filter(each | is_over).mark_read()

    def _asker(self, asker):
        """Return the Asker and their latest request here, with_denials(), or None instead of the request."""
        return asker, asker.latest and self.with_denials().get(pk=asker.latest)

    def _is_quota_used_up(self, teacher):
        """Return whether accounts created today with this teacher's Codes have sent as many requests as they may (T34).

        Only requests to classes of other teachers count. A teacher has one quota, however many Codes and classes they
        use, and also if they delete a class. _asker_of.for_update() has locked the teacher's row, so that all requests
        at the same moment are counted.
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
        # Both are None if all of these classes have been deleted since. Then nothing is left of the quota.
        return (found["asked"] or 0) >= settings.NEW_ACCOUNTS_QUOTA * (found["expected"] or 0)


class JoinRequest(models.Model):
    """One request to join a class: who asked, by which door, when, and how it ended.

    Once it has ended, it never changes. Asking again creates a new row.
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
    # Both names as they were at the time of the request. If somebody changes a name later, managers still see the name
    # that asked (T46), and the requester still reads the class's name that they knew (T10).
    name = models.CharField(max_length=121)
    class_name = models.CharField(max_length=100)
    # The person was a member and was moved to the queue (T30). No Code lets them in until a manager has decided.
    set_aside = models.BooleanField(default=False, db_default=False)
    # A new account asked when its teacher's quota was used up. The queue shows these requests folded away (T34).
    over_quota = models.BooleanField(default=False, db_default=False, editable=False)
    # Not used any more. While servers are being replaced, the previous release still writes it; the next one drops it
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
        """The `about` of the notifications about this request, or about all requests over the quota in this class."""
        return about_over_quota(self.classroom_id) if self.over_quota else f"{ABOUT_ONE}:{self.pk}"

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
        """The text of the pop-up: who has to approve the request, and why (J2, J6)."""
        is_locked = self.door == Door.CODE and not self.set_aside
        why = f"The Code of {self.class_name} is locked, so you" if is_locked else "You"
        owner = self.classroom.owner.full_name
        return f"{why} have asked to join {self.class_name}. {owner} or a co-teacher has to approve it."

    @property
    def who_decided(self):
        """Who decided what and when, for a manager who presses later (Q3)."""
        when = moment(self.decided_at)
        if self.is_withdrawn:
            return f"{self.name} withdrew the request on {when}."
        if self.status == Status.ADMITTED:
            return f"{self.name} came in by an unlocked Code on {when}."
        return f"{self.name} was {self.get_status_display()} by {self.decided_by.full_name} on {when}."

    @property
    def _told_requester(self):
        """How the request ended, for the person who asked (Q4)."""
        if self.status == Status.APPROVED:
            return f"You have been let in to {self.class_name} already."
        if self.status == Status.ADMITTED:
            return f"You have joined {self.class_name} with its Code already."
        return f"A teacher has said no to your request to join {self.class_name} already."

    def withdraw(self):
        """Cancel the request, as its requester. The second time changes nothing. Raises AlreadyDecided."""
        with self.classroom.one_at_a_time() as classroom:
            if not self.close(Status.WITHDRAWN):
                self.refresh_from_db()
                if self.is_withdrawn:
                    return
                raise AlreadyDecided(f"{self._told_requester} There is no request to withdraw any more.")
            classroom.record(Event.Kind.WITHDRAW_REQUEST, self.user, door=self.door, code=self.code)

    def close(self, status):
        """End the request because of something that its requester did. Return whether it was still pending."""
        return JoinRequest.objects.close(self.classroom_id, self.pk, self.user_id, status)


def _check_may_ask(classroom, door, asker, before):
    if before and before.status == Status.DENIED and before.is_too_soon:
        raise AskedTooSoon(before, before.decided_at + ask_again_after(before.denials))
    if asker.paused_by and door == Door.JOIN_URL:
        raise AskingPaused(classroom)
    check_not_too_often(asker.joins_today)
    if asker.pending_in_class >= settings.MOST_PENDING_IN_CLASS:
        raise QueueFull(classroom)
    if asker.pending_of_person >= settings.MOST_PENDING_OF_PERSON:
        raise WaitsEnough(asker.pending_of_person)


@compiled(Asker)
def _asker_of(classroom, user):
    """Read the Asker. for_update() locks the row of the teacher in `made_by` or, if there is none, of the person."""
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
        joins_today(classroom, user),
    )
