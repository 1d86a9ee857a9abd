"""What the clock does to co-teachers who were made one until a moment (C3).

It does no harm to run this late, twice or at the same moment: the class's row is held, and only then is read what is
left to do.
"""

from django.db.models.functions import Now

from classroom import notices
from classroom.models import Classroom, Event, Membership
from classroom.models.lock_wait import held_if_free
from classroom.models.membership import NO_END
from classroom.rights import MEMBER

BATCH = 500  # classes in one run


def end_over():
    """Write down the end of rights whose time is over, and tell co-teacher and owner. Return of how many.

    The rights themselves have ended before, by the clock (ADR 7).
    """
    return _for_each(lambda places: places.over(), _end)


def warn():
    """Tell co-teacher and owner, once, of rights that end within a day. Return of how many."""
    return _for_each(lambda places: places.over_soon(), _warn)


def _end(place):
    Membership.objects.filter(pk=place.pk).update(role=MEMBER, **NO_END)
    notices.mark_read(place.classroom, [place.user])
    place.classroom.record(Event.Kind.END_CO_TEACHER, None, user=place.user, at=place.co_teacher_until)
    notices.co_teacher_ended(place.classroom, place.user)


def _warn(place):
    Membership.objects.filter(pk=place.pk).update(co_teacher_warned_at=Now())
    notices.co_teacher_ends_soon(place.classroom, place.user)


def _for_each(which, act):
    """Call `act` with each Membership that `which` selects, holding the row of its class. Return how many these are."""
    total = 0
    classes = which(Membership.objects.all()).order_by("classroom").values_list("classroom", flat=True)
    for classroom_id in list(classes.distinct()[:BATCH]):
        with held_if_free(Classroom.objects.filter(pk=classroom_id)) as classroom:
            places = which(classroom.memberships) if classroom else Membership.objects.none()
            for place in places.select_related("classroom", "user"):
                act(place)
                total += 1
    return total
