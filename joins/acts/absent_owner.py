"""Tell somebody else if the owner of a class has been away for long while people wait to be let in (C6)."""

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from accounts.models import Notification, User
from classroom.models import Classroom, Membership
from classroom.models.lock_wait import held_if_free
from classroom.rights import CO_TEACHER, OWNER
from joins import notices
from joins.models import JoinRequest
from joins.models.join_request_queryset import REMIND_AFTER

ABSENT_AFTER = timedelta(days=30)  # since the last log-in, and no log-in lasts that long


def tell():
    """Notify the co-teachers and the operators, each once while the owner is away. Return for how many classes.

    It does no harm to run it late, twice or at the same moment: the class's row is held, and only then is read who has
    been told. If everybody goes on waiting, they are told again when the read notification has been deleted, after a
    month.
    """
    return sum(_tell(classroom_id) for classroom_id in list(_neglected().values_list("classroom", flat=True)))


def _neglected():
    """The places of owners with an open account who are away, in classes where somebody has waited for a day."""
    waiting = JoinRequest.objects.pending().within_quota().filter(asked_at__lte=Now() - REMIND_AFTER)
    return Membership.objects.not_archived().filter(
        role=OWNER,
        user__is_active=True,
        user__last_login__lte=Now() - ABSENT_AFTER,
        classroom__in=waiting.values("classroom"),
    )


def _tell(classroom_id):
    with held_if_free(Classroom.objects.filter(pk=classroom_id)) as classroom:
        owned = _neglected().filter(classroom=classroom).select_related("user").first()
        if owned is None:
            return False
        others = classroom.memberships.managers().filter(role=CO_TEACHER)
        co_teachers = list(_untold(User.objects.filter(memberships__in=others), owned))
        operators = (
            User.objects.operators().active().exclude(memberships__in=others).exclude(pk=owned.user_id)
        )
        operators = list(_untold(operators, owned))
        notices.owner_absent(classroom, owned.user, co_teachers, operators)
    return bool(co_teachers or operators)


def _untold(users, owned):
    about = notices.about_absence(owned.classroom_id)
    told = Notification.objects.filter(
        user=OuterRef("pk"), about=about, created_at__gte=owned.user.last_login
    )
    return users.filter(~Exists(told))
