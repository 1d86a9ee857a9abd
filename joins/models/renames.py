"""A changed name stands in the history of every class of that person, so that managers see who was called what (A8)."""

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from accounts.models import Notification
from classroom.models import Classroom, Event
from joins import look_alikes
from joins.models.join_request import JoinRequest


def hold_classes(user):
    """Take the rows of the classes in whose history it will stand: always in this order, and before the person's."""
    list(_classes(user).select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))


def record(rename):
    """Write it down in each. Another class is not told which teacher corrected it, who may be in none of theirs."""
    user, by = rename.user, rename.by
    known_in = set() if rename.is_own else set(by.memberships.values_list("classroom", flat=True))
    Event.objects.bulk_create(
        Event(classroom_id=number, kind=Event.Kind.CHANGE_NAME, by=user, rename=rename)
        if rename.is_own
        else Event(
            classroom_id=number,
            kind=Event.Kind.CORRECT_NAME,
            by=by if number in known_in else None,
            user=user,
            rename=rename,
        )
        for number in _classes(user).order_by("pk").values_list("pk", flat=True)
    )


def warn(rename):
    """Tell the managers where somebody has taken a name that looks like another's in the class (T42).

    Also where they wait: who let them in would have read the name that was frozen with the request (T46).
    """
    if not rename.is_own:
        return
    waits = JoinRequest.objects.pending().filter(user=rename.user)
    for page, places in (("history", rename.user.memberships.plain()), ("queue", waits)):
        for place in places.select_related("classroom"):
            if look_alikes.is_like_another(place.classroom, rename.user):
                _tell(place.classroom, rename, page)


def _tell(classroom, rename, page):
    about = f"renamed:{classroom.pk}:{rename.user_id}"
    Notification.objects.settle([about])  # what was told of an earlier name
    Notification.objects.tell(
        classroom.managers(),
        text=f"{rename.old} is now called {rename.new}, similar to a name in {classroom.name}. Check who it is.",
        link=reverse(f"joins:{page}", args=[classroom.public_id]),
        topic=classroom.public_id,
        about=about,
        mentions=rename.user,
        mail_after=settings.DIGEST_EVERY,
    )


def _classes(user):
    """Those in which they are, or in whose queue the managers see them."""
    waits = JoinRequest.objects.pending().filter(user=user)
    return Classroom.objects.filter(
        Q(pk__in=user.memberships.values("classroom")) | Q(pk__in=waits.values("classroom"))
    )
