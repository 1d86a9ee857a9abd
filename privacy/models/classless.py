from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Now

from accounts.models import Notification, User
from classroom.models import Event, Membership
from joins.models import JoinRequest
from privacy.models.person import Person
from privacy.models.retention import AFTER_WARNING, LOT, NEVER_LET_IN, WITHOUT_CLASS

AT_ONCE = 50  # people whom one run erases: each takes some thirty statements and a line on the disk

_STUDENTS = User.objects.filter(kind=User.Kind.STUDENT, is_staff=False, erased_at=None)


class ClasslessQuerySet(models.QuerySet):
    def look_around(self):
        """Begin to count for who has no class, at most LOT at once, and stop for who has one again."""
        used = models.Q(user__last_login__gt=F("warned_at"))
        self.filter(used | ~models.Q(user__in=_without_class())).delete()
        seen = self.filter(user=OuterRef("pk"))
        new = _without_class().exclude(Exists(seen)).order_by("pk").values_list("pk", flat=True)[:LOT]
        self.bulk_create((self.model(user_id=number) for number in new), ignore_conflicts=True)

    def warn(self):
        """Tell, once, who has been without a class for WITHOUT_CLASS; at most LOT at once. Returns how many."""
        with transaction.atomic():
            due = self.filter(warned_at=None, since__lte=Now() - WITHOUT_CLASS).order_by("pk")
            due = list(due.select_for_update(skip_locked=True, of=["self"]).select_related("user")[:LOT])
            self.filter(pk__in=[row.pk for row in due]).update(warned_at=Now())
            Notification.objects.notify(
                [row.user for row in due],
                text="You have been in no class for a year. Your account will be deleted in "
                f"{AFTER_WARNING.days} days, unless you log in once more or join a class.",
                link="/",
                mail_after=timedelta(),
            )
        return len(due)

    def erase_warned(self):
        """Returns how many; at most AT_ONCE."""
        over = self.filter(warned_at__lte=Now() - AFTER_WARNING).values("user")[:AT_ONCE]
        return Person.objects.filter(pk__in=list(over.values_list("user", flat=True))).erase_each()


class Classless(models.Model):
    """Since when a student is seen without a class; a year of it, and they are warned (T92)."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    since = models.DateTimeField(db_default=Now())
    warned_at = models.DateTimeField(null=True, blank=True)

    objects = ClasslessQuerySet.as_manager()

    def __str__(self):
        return f"{self.user} without a class"


def erase_never_let_in():
    """Accounts made with a locked Code, which nobody has let in or uses (T92). Returns how many; at most AT_ONCE."""
    lately = Now() - NEVER_LET_IN
    came = Event.objects.filter(kind=Event.Kind.JOIN, by=OuterRef("pk"))
    let_in = Event.objects.filter(kind=Event.Kind.APPROVE_REQUEST, user=OuterRef("pk"))
    asked = JoinRequest.objects.filter(user=OuterRef("pk"), asked_at__gt=lately)
    # While the class is there, its history tells whether they ever were in it.
    unused = _without_class().filter(date_joined__lte=lately, sign_up__join_code__classroom__isnull=False)
    unused = unused.exclude(last_login__gt=lately).exclude(Exists(came)).exclude(Exists(let_in))
    numbers = unused.exclude(Exists(asked)).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]
    return Person.objects.filter(pk__in=list(numbers)).erase_each()


def _without_class():
    return _STUDENTS.exclude(Exists(Membership.objects.filter(user=OuterRef("pk"))))
