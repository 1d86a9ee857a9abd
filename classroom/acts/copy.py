"""Copying a class for the next year: the same settings and note, no members, and doors of its own."""

from datetime import timedelta

from django.db.models.functions import Now

from accounts.models import User
from classroom import notices
from classroom.exceptions import CoTeacherTooOften
from classroom.models import Classroom, Door, Event, Membership
from classroom.rights import CO_TEACHER

# How often a day an owner can take the same co-teacher along. Nobody asks that person, and each class can mail them
# when somebody waits (T35). It's more classes than a teacher has.
MOST_TIMES_A_DAY = 30
COPIED = ["kind", "subject", "grade", "colour", "expected_size", "hides_members", "note"]


def copy_class(classroom, by, name, form_key=None, co_teachers=False):
    """Create a class called `name` with the settings of this one, which may be archived. Returns the new class.

    It has a Code and a Join URL of its own, and `by` owns it. With `co_teachers`, those of this class who are it for
    good are co-teachers of the new one too, and are told. Blocked people, the class list and the history stay behind.
    If the same form is sent twice, there is one class (J10). Raises NotAllowed, AccountDeleted, CoTeacherTooOften.
    """
    with classroom.one_at_a_time("copy_class", by) as classroom:
        settings = {field: getattr(classroom, field) for field in COPIED}
        new = Classroom.objects.create_class(by=by, form_key=form_key, name=name, **settings)
        if co_teachers and not new.events.filter(kind=Event.Kind.MAKE_CO_TEACHER).exists():
            lasting = classroom.memberships.lasting_co_teachers()
            for user in User.objects.filter(memberships__in=lasting):
                _make_co_teacher(new, user, by)
        return new


def _make_co_teacher(classroom, user, by):
    """Closed accounts are left out. Holds the user's row, so that nobody erases the account in the meantime."""
    if User.objects.active().hold_row(user):
        made = Event.objects.filter(kind=Event.Kind.MAKE_CO_TEACHER, user=user, by=by)
        if made.filter(at__gt=Now() - timedelta(days=1)).count() >= MOST_TIMES_A_DAY:
            raise CoTeacherTooOften(user, MOST_TIMES_A_DAY)
        place = Membership(classroom=classroom, user=user, role=CO_TEACHER, door=Door.OPENED)
        classroom.record(Event.Kind.MAKE_CO_TEACHER, by, created=place, user=user)
        notices.made_co_teacher(classroom, user)
