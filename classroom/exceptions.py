"""The exceptions that refuse an act. Each has the message for the page. A view only passes on what a form says."""

from accounts.times import format_moment
from accounts.too_soon import PRESSED_TOO_SOON
from classroom.history import DONE_BEFORE


class Refusal(Exception):
    """An act was refused and nothing has changed. `message` is shown on the page; `status` is the HTTP status."""

    message = "That didn't work. Nothing has changed."
    status = 409
    retry_after = None  # seconds until the person may try again, if that is known

    def __init__(self, message=None):
        self.message = message or self.message
        super().__init__(self.message)


class NotAllowed(Refusal):
    message = "Your role in this class doesn't allow this."
    status = 403


class TooManyActs(Refusal):
    """The histories of the person's classes have got so many entries by them today that more wait a day (T102)."""

    status = 429

    def __init__(self, how_many):
        super().__init__(
            f"You've changed something in your classes {how_many} times today. Try again tomorrow. You can still lock "
            "and reset Codes, and remove and block people."
        )


class AccountDeleted(NotAllowed):
    """The account was deleted in another tab, or deleted or closed by somebody else, just before (T60, T93)."""

    message = "This account has been deleted or closed."


class TeachersOnly(Refusal):
    message = "Only a teacher's account can do this."
    status = 403


class CannotOwn(Refusal):
    """An operator tried to give a class to a person who cannot own it. The message says why."""


class SchoolUnknown(Refusal):
    message = (
        "Set SCHOOL_NAME and SCHOOL_YEAR first. Other systems have to know which school and year this is."
    )


class HasOwner(Refusal):
    def __init__(self, classroom):
        super().__init__(f"{classroom.owner.full_name} owns {classroom.name}, and can hand it over there.")


class AlreadyMember(Refusal):
    def __init__(self, classroom):
        self.classroom = classroom
        super().__init__(f"You're already in {classroom.name}.")


class IsKeptOut(Refusal):
    message = "You can't join this class right now. If you think this is a mistake, talk to its teacher."
    status = 403


class DoorsShut(Refusal):
    """It names the class, because the page on which it's shown may be about another one, or about none."""

    sentence = "{} has no teacher right now, so nobody can join it. Talk to your school."

    def __init__(self, classroom):
        super().__init__(self.sentence.format(classroom.name))


class ClassArchived(DoorsShut):
    sentence = "{} is archived, so nobody can join it. If you need it, talk to its teacher."


class ArchivedFirst(Refusal):
    def __init__(self, classroom, by):
        kind = classroom.get_kind_display().lower()
        super().__init__(f"This {kind} is archived. {classroom.how_to_restore(by)}")


class DoneByAnother(Refusal):
    """A manager has acted already, and the first act counts (Q3). `event` is its Event in the history."""

    def __init__(self, event):
        by, user, at = event.by.full_name, event.user.full_name, format_moment(event.at)
        super().__init__(DONE_BEFORE[event.kind].format(by=by, user=user, at=at))


def _say_who(change, by, of_reader, of_another, of_nobody):
    """Choose a sentence. `change` is the Event of the change that came first; None if nobody changed anything and the
    form was made up."""
    if change is None:
        return of_nobody
    return of_reader if change.by == by else of_another % {"by": change.by.full_name}


class NoteChanged(Refusal):
    def __init__(self, change, by):
        changed = _say_who(
            change,
            by,
            "In another window, you changed the note meanwhile, so yours isn't saved yet.",
            "%(by)s changed the note meanwhile, so yours isn't saved yet.",
            "Somebody changed the note meanwhile, so yours isn't saved yet.",
        )
        super().__init__(
            f"{changed} It's still in the field. If you press Save again, it replaces the note that the class sees now."
        )


class ClassChanged(Refusal):
    """Somebody has changed the class since it was loaded, in a field that is changed now too."""

    message = "This class was changed meanwhile, so yours isn't saved yet. Look at it again."


class ListChanged(Refusal):
    def __init__(self, change, by):
        changed = _say_who(
            change,
            by,
            "In another window, you changed the class list meanwhile, so yours isn't kept yet.",
            "%(by)s changed the class list meanwhile, so yours isn't kept yet.",
            "Somebody changed the class list meanwhile, so yours isn't kept yet.",
        )
        super().__init__(f"{changed} Look at it again, then keep it.")


class PressedTooSoon(Refusal):
    message = PRESSED_TOO_SOON


class OwnerStays(Refusal):
    message = "The owner can't leave or be removed. Hand the class over first."


class NotAMember(Refusal):
    message = "This person is no longer in the class."


class WrongRole(Refusal):
    """The person has another role by now, or has left and joined again."""

    message = "This person's place in the class has changed. Check the member list."


class AlreadyCoTeacher(Refusal):
    """The person manages the class already. An invitation that they open stays open for somebody else."""

    def __init__(self, membership):
        super().__init__(f"You already manage {membership.classroom.name}.")


class InvitationOver(Refusal):
    message = "This invitation no longer works."
    status = 404


class InvitationUsed(Refusal):
    def __init__(self, user):
        super().__init__(
            f"{user.full_name} has just accepted this invitation, so it can't be cancelled any more. You can remove "
            "the co-teacher role under Members."
        )


class InvitedToday(Refusal):
    """`is_open`: whether the invitation of today still works."""

    status = 429

    def __init__(self, is_open):
        today = (
            "We have sent an invitation to this address today. Ask your colleague to look in the spam folder."
            if is_open
            else "Today's invitation to this address no longer works."
        )
        super().__init__(f"{today} You can invite this address again tomorrow.")


class TooManyInvitations(Refusal):
    status = 429


class AddressInvitedOften(Refusal):
    """By this teacher or by others, who may be the same person with several accounts (T35)."""

    message = (
        "This address has been sent many invitations today. Send this one tomorrow, or give your colleague the "
        "class's Code."
    )
    status = 429


class CoTeacherTooOften(Refusal):
    """The owner has put this co-teacher into many new classes today, without asking them (T14, T35)."""

    status = 429

    def __init__(self, user, most):
        super().__init__(
            f"You have made {user.full_name} a co-teacher {most} times today. Untick this, or copy the class tomorrow."
        )
