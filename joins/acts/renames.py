"""Changed names. Each is recorded in the history of all the person's classes, so that managers see both names (A8)."""

from django.db import transaction
from django.db.models import Q

from classroom.models import Classroom, Door, Event, Membership
from classroom.same_name import exact
from joins import look_alikes, notices
from joins.exceptions import AskTheSchool
from joins.models import JoinRequest, Slip


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

    That on the slip by which they joined counts too: with it, no page says any more that the slip was another's (L4).
    Who had borrowed that name for the moment is told of as if they had used the slip with this one.
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
            on_slips, old, new = _names_on_slips(place, rename.user), exact(rename.old), exact(rename.new)
            if new in on_slips - {old} or look_alikes.is_like_another(place.classroom, rename.user):
                notices.renamed_like_another(place.classroom, rename, page)
            if old in on_slips and new not in on_slips:
                notices.slip_of_another_name_used(place.classroom)


def _names_on_slips(place, user):
    """Return exact() of the names on the slips that this person has used in the class. Needs no query without one."""
    if place.door != Door.SLIP:
        return set()
    used = Slip.objects.of(place.classroom).used().filter(used_by=user)
    return {exact(name) for name in used.values_list("listed_name__name", flat=True)}


def _classes_of(user):
    """Return the classes of which this person is a member, or in whose queue they are."""
    pending = JoinRequest.objects.pending().filter(user=user)
    return Classroom.objects.filter(
        Q(pk__in=user.memberships.values("classroom")) | Q(pk__in=pending.values("classroom"))
    )
