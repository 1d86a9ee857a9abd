"""Once a week, tell the managers of each class that has news how it went (N5)."""

from datetime import timedelta

from django.db.models import Exists, OuterRef

from accounts.models import Notification
from classroom.models import Classroom, Membership
from classroom.models.lock_wait import held_if_free
from joins import notices
from joins.models import JoinRequest
from joins.times import CLOCKS_DIFFER, WEEK, week_begin

TELL_WITHIN = timedelta(days=1)  # after the end of the week; later nobody is told
BATCH = 100  # classes that one statement looks at


def tell(now):
    """Write one notification about the last week to each manager who has none yet. Return in how many classes.

    It does no harm to run it late, twice or at the same moment: the class's row is held, and only then is read who has
    been told.
    """
    end = week_begin(now)
    if now - end > TELL_WITHIN:
        return 0
    open_classes = Classroom.objects.filter(archived_at=None).order_by("pk")
    told, last = 0, 0
    while ids := list(open_classes.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        told += sum(_tell(classroom_id, end) for (classroom_id,) in sorted(_with_news(ids, end)))
        last = ids[-1]
    return told


def _tell(classroom_id, end):
    with held_if_free(Classroom.objects.filter(pk=classroom_id, archived_at=None)) as classroom:
        managers = [manager.user for manager in _untold(classroom, end)] if classroom else []
        if managers:
            notices.week(classroom, managers)
    return bool(managers)


def _with_news(classroom_ids, end):
    """Select those of these classes in which somebody joined in the week, or waited at its end."""
    joined = Membership.objects.joined_between(end - WEEK, end)
    waiting = JoinRequest.objects.pending().within_quota().filter(asked_at__lt=end)
    news = [rows.filter(classroom__in=classroom_ids).values_list("classroom") for rows in (joined, waiting)]
    return news[0].union(news[1])


def _untold(classroom, end):
    """Return the managers of the class who have no notification about the week that ended then."""
    about = notices.about_week(classroom.pk)
    told = Notification.objects.filter(
        user=OuterRef("user"), about=about, created_at__gte=end - CLOCKS_DIFFER
    )
    return classroom.memberships.managers().filter(~Exists(told)).owner_first()
