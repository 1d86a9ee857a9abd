"""A one-time password for a student who has forgotten theirs (T15)."""

from accounts.models import User
from classroom.exceptions import DoneByAnother
from classroom.models import Event
from joins import notices
from joins.exceptions import AskTheSchool


def latest_given(classroom, user):
    """Return the Event of the latest one-time password that this student got here, or None."""
    given = classroom.events.filter(kind=Event.Kind.GIVE_PASSWORD, user=user)
    return given.select_related("by", "user").newest_first().first()


def give_password(classroom, user, by, form_key=None, seen=None):
    """Give the student `user` a one-time password and return it.

    The password is stored only as a hash. `form_key` is the key of the form that was pressed: a second press right away
    returns the same password and notifies nobody again (J10). `seen` is the pk of the latest_given() that the page
    showed, 0 if there was none, and None to compare nothing. Raises DoneByAnother if another manager has given one
    since (Q3), AskTheSchool, NotAMember, NotAllowed.
    """
    with classroom.one_at_a_time("give_password", by) as classroom:
        if reason := classroom.memberships.managed(user).why_not_give_password:
            raise AskTheSchool(reason)
        user = User.objects.get(pk=user.pk)  # read again while the row is held
        password, is_repeated = user.one_time_password_of(form_key, by)
        if is_repeated:
            return password
        latest = latest_given(classroom, user)
        if seen is not None and latest and latest.pk > seen and latest.by != by:
            raise DoneByAnother(latest)
        if not classroom.events.in_last_minute(Event.Kind.GIVE_PASSWORD, by, user=user).exists():
            classroom.record(Event.Kind.GIVE_PASSWORD, by, user=user)
            notices.password_given(classroom, user, by)
        return user.give_one_time_password(password)
