"""What the managers of many classes are told at once: one query, one insert, however many."""

from django.conf import settings
from django.db.models.functions import Now

from accounts.models import Notification
from classroom.models import Membership


def tell_locked(join_codes):
    _tell(join_codes, "The Code of {} has locked itself. Whoever uses it now asks to join.")


def tell_of_lock(join_codes):
    # The page that the link leads to has the one press that keeps it open (K11).
    _tell(join_codes, "The Code of {} locks itself soon. One press keeps it unlocked for two more weeks.")


def _tell(join_codes, sentence):
    told = {join_code.classroom_id: join_code.classroom for join_code in join_codes}
    managing = Membership.objects.managers().filter(classroom__in=told).select_related("user")
    Notification.objects.bulk_create(
        _about(told[membership.classroom_id], membership.user, sentence) for membership in managing
    )


def _about(classroom, user, sentence):
    return Notification(
        user=user,
        text=sentence.format(classroom.name),
        link=classroom.path,
        topic=classroom.public_id,
        mail_at=Now() + settings.DIGEST_EVERY,
    )
