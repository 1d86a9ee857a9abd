"""Changed names. Each is recorded in the history of all the person's classes, so that managers see both names (A8)."""

from django.db import transaction
from django.db.models import Q

from classroom.models import Classroom, Event, Membership
from joins import look_alikes, notices
from joins.exceptions import AskTheSchool
from joins.models import JoinRequest


def correct_name(classroom, user, by, first_name, last_name):
    """Correct the name of the student `user` and notify them. The histories of their classes show both names.

    The second time changes nothing. Raises AskTheSchool, NotAMember, NotAllowed; ValidationError after too many.
    """
    with transaction.atomic():
        hold_class_rows(user)  # before one_at_a_time(), so that rows are always held in the same order
        with classroom.one_at_a_time("correct_name", by) as classroom:
            if reason := classroom.memberships.managed(user).why_not_correct_name:
                raise AskTheSchool(reason)
            if rename := user.rename(by, first_name, last_name):
                notices.name_corrected(classroom, rename)


def hold_class_rows(user):
    """Hold the rows of all classes whose history will record the name, in order of pk and before the person's row."""
    list(_classes_of(user).select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))


def record_rename(rename):
    """Add the rename to the history of each class. It names an operator, and a teacher only where they are a member."""
    user, by = rename.user, rename.by
    known_in = set() if rename.is_own else set(by.memberships.values_list("classroom", flat=True))
    Event.objects.bulk_create(
        Event(classroom_id=number, kind=Event.Kind.CHANGE_NAME, by=user, rename=rename)
        if rename.is_own
        else Event(
            classroom_id=number,
            kind=Event.Kind.CORRECT_NAME,
            by=by if by.is_staff or number in known_in else None,
            user=user,
            rename=rename,
        )
        for number in _classes_of(user).order_by("pk").values_list("pk", flat=True)
    )


def warn_of_look_alikes(rename):
    """Notify the managers of each class in which the person's new name looks like somebody else's (T42).

    Classes where they have a pending request count too, because the queue shows the name from the time of the request
    (T46). A manager who corrects the name knows it, but the managers of the student's other classes don't: that manager
    may have created the account to get into their class.
    """
    by = rename.by
    if by.is_operator and not rename.is_own:
        return
    managed = Membership.objects.of_manager(by).values("classroom")
    pending = JoinRequest.objects.pending().filter(user=rename.user)
    for page, places in (("history", rename.user.memberships.plain()), ("queue", pending)):
        for place in places.exclude(classroom__in=managed).select_related("classroom"):
            if look_alikes.is_like_another(place.classroom, rename.user):
                notices.renamed_like_another(place.classroom, rename, page)


def _classes_of(user):
    """Return the classes of which this person is a member, or in whose queue they are."""
    pending = JoinRequest.objects.pending().filter(user=user)
    return Classroom.objects.filter(
        Q(pk__in=user.memberships.values("classroom")) | Q(pk__in=pending.values("classroom"))
    )
