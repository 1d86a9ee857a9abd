"""Filing one knock, and how many there may be (T33, T34, T50)."""

from datetime import timedelta

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce, Now

from accounts.models import User
from classroom.models import Classroom, Door, Event, Membership
from classroom.models.compiled import compiled
from classroom.rights import MANAGERS
from joins.exceptions import AskedTooSoon, AskingPaused, CameTooOften, QueueFull, WaitsEnough
from joins.models.counted import how_many
from joins.models.decision import Status, ask_again_after
from joins.models.set_aside import SetAsideQuerySet

A_DAY = timedelta(days=1)
# If somebody cancels and asks again within it, the managers get no mail before it is over (T50, N3).
NO_MAIL_AFTER_WITHDRAWAL = timedelta(hours=1)
# Times a day that one person may come to a class: each stands in its history, in which others must be found (T33).
MOST_COMINGS = 20


def comings(classroom, user):
    """How often the person has asked or walked in within a day, whatever became of it; as an expression."""
    came = Event.objects.filter(kind__in=[Event.Kind.ASK, Event.Kind.JOIN], at__gt=Now() - A_DAY)
    return how_many(came.filter(classroom=classroom, by=user), "by")


def demand_few(times):
    """Raises CameTooOften."""
    if times >= MOST_COMINGS:
        raise CameTooOften(MOST_COMINGS)


class AskQuerySet(SetAsideQuerySet):
    def pending(self):
        return self.filter(status=Status.PENDING)

    def ask(self, classroom, by, door, join_code=None):
        """File one knock and tell the managers, once (J10). Who waits already gets that same request back (J8).

        The rows of the class and of the person are locked by the caller: of the requests that wait in either, none
        comes while they are counted. Raises AskedTooSoon after a denial (Q6), AskingPaused, CameTooOften, QueueFull,
        WaitsEnough.
        """
        latest, minted_by, *counts = _standing.held(classroom.pk, by.pk)
        before = latest and self.with_denials().get(pk=latest)
        if before and before.status == Status.PENDING:
            return before
        self._demand_room(classroom, door, before, *counts)
        asked = self.create(
            classroom=classroom,
            user=by,
            door=door,
            join_code=join_code,
            name=by.full_name,
            class_name=classroom.name,
            set_aside=bool(before and before.is_withdrawn and before.set_aside),
            over_quota=bool(minted_by and door == Door.JOIN_URL and self._is_quota_used_up(minted_by)),
        )
        classroom.record(Event.Kind.ASK, by, door=door, code=join_code.code if join_code else "")
        is_again = before and before.is_withdrawn and before.is_recent
        asked.tell_managers(NO_MAIL_AFTER_WITHDRAWAL if is_again else settings.DIGEST_EVERY)
        return asked

    def demand_asking(self, classroom, by, door):
        """Raises what ask() would raise now; nothing is filed."""
        latest, _, *counts = _standing(classroom.pk, by.pk)
        before = latest and self.with_denials().get(pk=latest)
        if not before or before.status != Status.PENDING:
            self._demand_room(classroom, door, before, *counts)

    def with_denials(self):
        """Adds `denials`, how often this class has denied the person; `is_recent`, and `is_too_soon`, decided lately.

        Letting a person back ends their waiting time (Q9).
        """
        denied = self.model.objects.filter(
            status=Status.DENIED, user=models.OuterRef("user"), classroom=models.OuterRef("classroom")
        )
        since = lambda span: models.Q(decided_at__gt=Now() - span)  # noqa: E731
        again = since(settings.ASK_AGAIN_AFTER_SECOND) & models.Q(denials__gt=1)
        let_back = Event.objects.filter(
            classroom=models.OuterRef("classroom"),
            user=models.OuterRef("user"),
            kind=Event.Kind.LET_BACK,
            at__gte=models.OuterRef("decided_at"),
        )
        return self.annotate(
            denials=how_many(denied, "user"),
            is_too_soon=_truth((since(settings.ASK_AGAIN_AFTER) | again) & ~models.Exists(let_back)),
            is_recent=_truth(since(NO_MAIL_AFTER_WITHDRAWAL)),
        )

    def _demand_room(self, classroom, door, before, in_class, of_person, paused_by, times):
        if before and before.status == Status.DENIED and before.is_too_soon:
            raise AskedTooSoon(before, before.decided_at + ask_again_after(before.denials))
        if paused_by and door == Door.JOIN_URL:
            raise AskingPaused(classroom)
        demand_few(times)
        if in_class >= settings.MOST_PENDING_IN_CLASS:
            raise QueueFull(classroom)
        if of_person >= settings.MOST_PENDING_OF_PERSON:
            raise WaitsEnough(of_person)

    def _is_quota_used_up(self, teacher):
        """Whether accounts made with this teacher's Codes today have asked other teachers' classes often enough (T34).

        A teacher who mints accounts with many Codes, of many classes, or deletes the class, has one quota. Their row is
        held since _standing(), so that of requests at the same moment each is counted.
        """
        yesterday = Now() - A_DAY
        sign_ups = apps.get_model("joins.SignUp").objects
        minting = sign_ups.filter(join_code__created_by=teacher, at__gt=yesterday).values(
            "join_code__classroom"
        )
        # Filtering by the teacher first lets PostgreSQL start from that teacher's few accounts instead of from all
        # requests of the day.
        asked = self.model.objects.filter(
            ~models.Exists(_managed_by(teacher).filter(classroom=models.OuterRef("classroom"))),
            user__sign_up__join_code__created_by=teacher,
            user__sign_up__at__gt=yesterday,
            door=Door.JOIN_URL,
            asked_at__gt=yesterday,
        ).exclude(classroom=models.F("user__sign_up__join_code__classroom"))
        so_many = how_many(asked, "user__sign_up__join_code__created_by")
        classes = Classroom.objects.filter(pk__in=minting).annotate(so_many=so_many)
        found = classes.aggregate(expected=models.Sum("expected_size"), asked=models.Max("so_many"))
        # Both are None where all of these classes have been deleted since: then nothing is left of the quota.
        return (found["asked"] or 0) >= settings.NEW_ACCOUNTS_QUOTA * (found["expected"] or 0)


def _managed_by(teacher):
    return Membership.objects.filter(user=teacher, role__in=MANAGERS)


def _truth(condition):
    return models.ExpressionWrapper(condition, models.BooleanField())


@compiled
def _standing(classroom, user):
    """Their latest request here, whose Code made their account lately, if it is another teacher's (T34), how many wait
    in the class, for how many they wait, who paused the Join URL, how often they have come lately.

    What is held is the row of that teacher, or else of the person.
    """
    requests = apps.get_model("joins.JoinRequest").objects
    new = User.objects.filter(pk=user, sign_up__at__gt=Now() - A_DAY)
    owned = _managed_by(models.OuterRef("sign_up__join_code__created_by")).filter(classroom=classroom)
    minted = new.filter(~models.Exists(owned)).exclude(sign_up__join_code__classroom=classroom)
    minted_by = models.Subquery(minted.values("sign_up__join_code__created_by"))
    mine = requests.filter(classroom=classroom, user=user).order_by("-pk")
    pending = requests.pending()
    join_url = apps.get_model("joins.JoinURL").objects.filter(classroom=classroom)
    return User.objects.filter(pk=Coalesce(minted_by, user)).values_list(
        models.Subquery(mine.values("pk")[:1]),
        minted_by,
        how_many(pending.filter(classroom=classroom), "classroom"),
        how_many(pending.filter(user=user), "user"),
        models.Subquery(join_url.values("paused_by")),
        comings(classroom, user),
    )
