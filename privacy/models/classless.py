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

AT_ONCE = 50  # accounts that one run erases; each takes about thirty statements and a line in a file

_STUDENTS = User.objects.filter(kind=User.Kind.STUDENT, is_staff=False, erased_at=None)


class ClasslessQuerySet(models.QuerySet):
    def look_around(self):
        """Add a row for each student without a class, at most LOT in one call, and delete the rows that are over.

        A row is over if the student is in a class again, or has logged in since the warning.
        """
        used = models.Q(user__last_login__gt=F("warned_at"))
        self.filter(used | ~models.Q(user__in=_without_class())).delete()
        seen = self.filter(user=OuterRef("pk"))
        new = _without_class().exclude(Exists(seen)).order_by("pk").values_list("pk", flat=True)[:LOT]
        self.bulk_create((self.model(user_id=number) for number in new), ignore_conflicts=True)

    def warn(self):
        """Warn the students who have had no class for WITHOUT_CLASS, each only once, at most LOT in one call.

        Returns how many were warned.
        """
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
        """Erase the accounts whose warning is older than AFTER_WARNING, at most AT_ONCE a call. Returns how many."""
        over = self.filter(warned_at__lte=Now() - AFTER_WARNING).values("user")[:AT_ONCE]
        return Person.objects.filter(pk__in=list(over.values_list("user", flat=True))).erase_each()


class Classless(models.Model):
    """A student who has no class, since the day that this was first noticed. After a year they are warned (T92)."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    since = models.DateTimeField(db_default=Now())
    warned_at = models.DateTimeField(null=True, blank=True)

    objects = ClasslessQuerySet.as_manager()

    def __str__(self):
        return f"{self.user} without a class"


def erase_never_let_in():
    """Erase accounts created with a locked Code that no class has let in and nobody has used for NEVER_LET_IN (T92).

    At most AT_ONCE in one call. Returns how many.
    """
    lately = Now() - NEVER_LET_IN
    came = Event.objects.filter(kind=Event.Kind.JOIN, by=OuterRef("pk"))
    let_in = Event.objects.filter(kind=Event.Kind.APPROVE_REQUEST, user=OuterRef("pk"))
    asked = JoinRequest.objects.filter(user=OuterRef("pk"), asked_at__gt=lately)
    # Only accounts whose class still exists: with the class, the history that tells whether they were in it is deleted.
    unused = _without_class().filter(date_joined__lte=lately, sign_up__join_code__classroom__isnull=False)
    unused = unused.exclude(last_login__gt=lately).exclude(Exists(came)).exclude(Exists(let_in))
    numbers = unused.exclude(Exists(asked)).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]
    return Person.objects.filter(pk__in=list(numbers)).erase_each()


def _without_class():
    return _STUDENTS.exclude(Exists(Membership.objects.filter(user=OuterRef("pk"))))
