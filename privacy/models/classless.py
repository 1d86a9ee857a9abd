from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Now

from accounts.models import User
from classroom.models import Event, Membership
from joins.models import JoinRequest
from privacy import notices
from privacy.models.person import Person
from privacy.models.retention import AFTER_WARNING, BATCH_SIZE, NEVER_LET_IN, WITHOUT_CLASS

MOST_ERASURES_A_RUN = 50  # accounts; each takes about thirty statements and a line in a file

_STUDENTS = User.objects.filter(kind=User.Kind.STUDENT, is_staff=False, erased_at=None)


class ClasslessQuerySet(models.QuerySet):
    def update_rows(self):
        """Add rows for students without a class, at most BATCH_SIZE in one call, and delete the rows that are over.

        A row is over if the student is in a class again, or has logged in since the warning.
        """
        logged_in = models.Q(user__last_login__gt=F("warned_at"))
        self.filter(logged_in | ~models.Q(user__in=_without_class())).delete()
        with_row = self.filter(user=OuterRef("pk"))
        new = _without_class().exclude(Exists(with_row)).order_by("pk")
        user_ids = new.values_list("pk", flat=True)[:BATCH_SIZE]
        self.bulk_create((self.model(user_id=user_id) for user_id in user_ids), ignore_conflicts=True)

    def warn(self):
        """Warn the students who have had no class for WITHOUT_CLASS, each only once, at most BATCH_SIZE in one call.

        Returns how many were warned.
        """
        with transaction.atomic():
            due = self.filter(warned_at=None, since__lte=Now() - WITHOUT_CLASS).order_by("pk")
            due = list(
                due.select_for_update(skip_locked=True, of=["self"]).select_related("user")[:BATCH_SIZE]
            )
            self.filter(pk__in=[row.pk for row in due]).update(warned_at=Now())
            notices.in_no_class([row.user for row in due], AFTER_WARNING.days)
        return len(due)

    def erase_warned(self):
        """Erase accounts whose warning is older than AFTER_WARNING, at most MOST_ERASURES_A_RUN. Returns how many."""
        due = self.filter(warned_at__lte=Now() - AFTER_WARNING)
        user_ids = list(due.values_list("user", flat=True)[:MOST_ERASURES_A_RUN])
        return Person.objects.filter(pk__in=user_ids).erase_each()


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

    At most MOST_ERASURES_A_RUN in one call. Returns how many.
    """
    since = Now() - NEVER_LET_IN
    joined = Event.objects.filter(kind=Event.Kind.JOIN, by=OuterRef("pk"))
    # An approval that was undone has let nobody in (Q9).
    undone = Event.objects.filter(
        kind=Event.Kind.UNDO_APPROVAL,
        user=OuterRef("user"),
        classroom=OuterRef("classroom"),
        pk__gt=OuterRef("pk"),
    )
    approvals = Event.objects.filter(kind=Event.Kind.APPROVE_REQUEST, user=OuterRef("pk"))
    let_in = approvals.filter(~Exists(undone))
    asked_lately = JoinRequest.objects.filter(user=OuterRef("pk"), asked_at__gt=since)
    # Only accounts whose class still exists: with the class, the history that tells whether they were in it is deleted.
    unused = _without_class().filter(date_joined__lte=since, sign_up__join_code__classroom__isnull=False)
    unused = unused.exclude(last_login__gt=since).exclude(Exists(joined)).exclude(Exists(let_in))
    unused = unused.exclude(Exists(asked_lately)).order_by("pk")
    user_ids = list(unused.values_list("pk", flat=True)[:MOST_ERASURES_A_RUN])
    return Person.objects.filter(pk__in=user_ids).erase_each()


def _without_class():
    return _STUDENTS.exclude(Exists(Membership.objects.filter(user=OuterRef("pk"))))
