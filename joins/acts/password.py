"""A one-time password for a student who has forgotten theirs (T15)."""

from accounts.models import User
from accounts.models.user import derive_one_time_password
from classroom.exceptions import NotAMember
from classroom.models import Event
from joins import notices
from joins.exceptions import AskTheSchool
from joins.models import SignUp


def give_password(classroom, user, by, form_key=None):
    """Give the student `user` a one-time password and return it.

    The password is stored only as a hash. It is derived from `form_key`, the key of the form that was pressed, so that
    a second press right away returns the same one and notifies nobody again (J10). Raises AskTheSchool, NotAMember,
    NotAllowed.
    """
    with classroom.one_at_a_time("give_password", by) as classroom:
        if not classroom.memberships.filter(user=user).exists():
            raise NotAMember
        if reason := why_not_give_password(classroom, user):
            raise AskTheSchool(reason)
        user = User.objects.get(pk=user.pk)  # read again under the lock
        password = form_key and derive_one_time_password(f"{form_key} {by.pk} {user.pk}")
        if password and user.was_just_given(password):
            return password
        if password and user.check_password(password):
            password = None  # the same form was sent again much later, so it is a new press
        if not classroom.events.in_last_minute(Event.Kind.GIVE_PASSWORD, by, user=user).exists():
            classroom.record(Event.Kind.GIVE_PASSWORD, by, user=user)
            notices.password_given(classroom, user, by)
        return user.give_one_time_password(password)


def why_not_give_password(classroom, user):
    """Return the sentence that says why no manager may give this member a password, or None if they may."""
    if user.is_teacher:
        return "A teacher chooses a new password by mail, from the log-in page. Or ask your school's administrator."
    if user.is_staff:  # the password is the first of the two steps into the admin
        return f"{user.full_name} is an operator of this site. Ask your school's administrator."
    if user.has_verified_address:
        return (
            f"{user.full_name} has an email address and chooses a new password by mail, from the log-in page."
        )
    if not SignUp.objects.filter(user=user, join_code__classroom=classroom).exists():
        return (
            f"{user.full_name} didn't create the account with a Code of this class, so a new password does not come "
            "from here. Ask your school's administrator."
        )
    return None
