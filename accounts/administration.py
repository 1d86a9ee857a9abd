"""What only operators do to somebody's account. The admin's pages and the commands call the same functions (T59).

Each returns whether it has changed anything. Raises ValidationError with the reason if it can't be done.
"""

from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import notices, signals
from accounts.models import User

CHANGED_SINCE = (
    "Their password has changed since this page was opened: they chose one, or somebody gave them a one-time password. "
    "Nothing has been done. If they still can't log in, press again."
)


class LeftBehind(NamedTuple):
    """What nobody looks after once accounts are closed. Apps above this one say it."""

    question: str  # the sentence before it is done
    answer: str  # the sentence afterwards
    page: str  # which shows it, and comes after that


def left_behind(people):
    """Return a list of LeftBehind, empty if closing the accounts of these people leaves nothing behind."""
    return [left for _, left in signals.closing.send(User, people=people) if left]


def correct_name(person, by, first_name, last_name):
    """The histories of the person's classes show both names and who did it, and the person gets a notification (A8)."""
    _refuse_own(person, by, "You change your own name in your profile.")
    with transaction.atomic():
        if rename := person.rename(by, first_name, last_name):
            notices.name_corrected(person, rename)
    return rename is not None


def close_account(person, by):
    _refuse_own(person, by, "You can't close your own account here.")
    return close_accounts(User.objects.filter(pk=person.pk)) > 0


def close_accounts(people):
    """Close these accounts, but not that of the last operator. Returns how many were open."""
    with transaction.atomic():
        _lock_operators_besides(people)
        return people.close()


def reopen_account(person, by):
    return User.objects.filter(pk=person.pk).reopen() > 0


def log_out_everywhere(person, by):
    _refuse_own(
        person, by, "You can't log yourself out everywhere here. Choose a new password: that does it, too."
    )
    return User.objects.filter(pk=person.pk).log_out_everywhere() > 0


def give_one_time_password(person, by, form_key=None, is_changed=False):
    """Give a password that works for a day and only lets the person choose their own (T15). They're told, also by mail.

    Returns it, and whether it's new: a second press of the same form returns the same one (J10). `is_changed`: the
    person has another password than when the page was opened, so somebody has helped them already.
    """
    _refuse_own(person, by, "You change your own password in your profile.")
    with transaction.atomic():
        person = User.objects.active().select_for_update(no_key=True).filter(pk=person.pk).first()
        if person is None:
            raise ValidationError("This account is closed. Reopen it first.", code="closed")
        password, is_repeated = person.one_time_password_of(form_key, by)
        if is_repeated:
            return password, False
        if is_changed:
            raise ValidationError(CHANGED_SINCE, code="changed")
        notices.password_given(person)
        return person.give_one_time_password(password), True


def withdraw_access(person, by=None):
    """Take the admin away from an operator, but not from the last one, because nobody could give it back there.

    `by` is None at the command line.
    """
    if by:
        _refuse_own(
            person, by, "You can't take away your own administration here. Ask another administrator."
        )
    with transaction.atomic():
        people = User.objects.filter(pk=person.pk)
        if person not in _lock_operators_besides(people):
            return False
        people.withdraw_access()
    return True


def _refuse_own(person, by, reason):
    """Raises ValidationError for an operator's own account: what they do to it, they do where everybody does."""
    if person.pk == by.pk:
        raise ValidationError(reason, code="own")


def _lock_operators_besides(people):
    """Lock and return all operators, because two may act on each other at once. Raises ValidationError if nobody but
    these people could use the admin."""
    operators = list(User.objects.operators().select_for_update(no_key=True).order_by("pk"))
    user_ids = set(people.values_list("pk", flat=True))
    if not any(operator.is_active and operator.pk not in user_ids for operator in operators):
        raise ValidationError(
            "This is the last administrator. First give somebody else access, with list_access --give.",
            code="last",
        )
    return operators
