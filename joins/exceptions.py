from django.utils import timezone

from accounts.times import format_moment
from classroom.exceptions import Refusal
from classroom.undoable import UNDO_WITHIN
from joins.times import WRONG_CODE_COUNTS_FOR, format_day, format_span


class UnknownCode(Refusal):
    """The Code never existed or is retired (K8), or, before log-in, its class is archived (J0). One text for all."""

    message = "No open class has this Code. Check it, or ask your teacher if it has changed or the class has closed."
    status = 422


class TooManyWrongCodes(Refusal):
    """This account, session or network has typed too many wrong Codes within WRONG_CODE_COUNTS_FOR (T17)."""

    status = 429
    retry_after = int(WRONG_CODE_COUNTS_FOR.total_seconds())

    def __init__(self):
        wait = format_span(WRONG_CODE_COUNTS_FOR)
        super().__init__(
            f"Too many wrong tries. Wait {wait}, then try again. Ask your teacher to show you the Code."
        )


class TooManyInNetwork(TooManyWrongCodes):
    """The same for a network only: the Codes of classes that meet there work there all the same (T97)."""


class CodesPaused(Refusal):
    """Too many wrong Codes come from unknown networks. So all Codes typed in such a network are refused alike (T18)."""

    message = (
        "Codes don't work from here right now, because too many wrong ones are being tried: use the class's Join URL, "
        "or try from school."
    )
    status = 429
    retry_after = TooManyWrongCodes.retry_after


class AskTheSchool(Refusal):
    """The teacher may not give this person a password (T15), or not correct their name (A8). The message says why."""


class CannotFold(Refusal):
    """Two accounts can't be put together, or not be taken apart (L5). The message says why."""


class CodeLocked(Refusal):
    message = "The Code is locked. Unlock it first."


class BadMoment(Refusal):
    message = "This moment has passed. Choose a later one."
    status = 422


class CodeChanged(Refusal):
    message = "Somebody reset the Code meanwhile. Here's the new one. Nothing else has changed."


class TooManyCodes(Refusal):
    """A person has created so many Codes within a day that they can't create another one (T101)."""

    def __init__(self, how_many):
        super().__init__(
            f"You've created {how_many} Codes today, by new classes and by resets. Try again tomorrow. Has a Code "
            "leaked? You can still lock it."
        )


class TooManySlips(Refusal):
    """A person wants more slips than one can make within a day (T101). They can make `left` more today."""

    def __init__(self, how_many, left):
        rest = f"You can make {left} more today. Tick fewer names." if left else "Try again tomorrow."
        super().__init__(f"One person can make {how_many} slips a day. {rest}")


class ListIsOver(Refusal):
    """Slips are wanted for names that the class's list doesn't have, or has no more."""

    message = "These names aren't on the class list any more. Here's who is."


class SlipUsed(Refusal):
    """A manager cancels a slip that somebody has used meanwhile. `slip` is loaded with its user and its name."""

    def __init__(self, slip):
        user = slip.used_by
        super().__init__(
            f"{user.full_name} has used the slip for {slip.listed_name} already, on {format_moment(slip.used_at)}. "
            "If they don't belong here, remove them under Members."
        )


class LeakReported(CodeChanged):
    """Another manager reported the leak first, and theirs counts (Q3). `report` is its Event, which `moved` people."""

    def __init__(self, report, moved):
        who, at = report.by.full_name, format_moment(report.at)
        reported = (
            f"{who} reported this leak on {at}: the Code is reset, and {moved} people moved to the queue."
        )
        if not moved:
            reported = (
                f"{who} reported this leak on {at}: the Code is reset, and no people moved to the queue."
            )
        elif moved == 1:
            reported = (
                f"{who} reported this leak on {at}: the Code is reset, and 1 person moved to the queue."
            )
        super().__init__(
            f"{reported} Nothing else has changed. Press It has leaked… again to see who is left."
        )


class AskedTooSoon(Refusal):
    """The person's last request was denied only recently (Q6). `again_at` is an aware datetime."""

    def __init__(self, denied, again_at):
        super().__init__(
            f"A teacher said no to your last request to join {denied.class_name}. You can ask again "
            f"{format_day(again_at)} after {timezone.localtime(again_at):%H:%M}. Not sure why? Talk to the teacher."
        )


class AskingPaused(Refusal):
    def __init__(self, classroom):
        super().__init__(
            f"Nobody can ask to join {classroom.name} just now: its teachers have paused that. Try again another day. "
            "If you have the Code, you can still join with it."
        )


class QueueFull(Refusal):
    """MOST_PENDING_IN_CLASS requests are pending in this class already (T33).

    The sentence doesn't name the class, because a sign-up shows it to people who aren't logged in (J0).
    """

    message = (
        "So many people ask to join this class that no more can wait just now. Try again later, or speak to its "
        "teacher."
    )


class WaitsEnough(Refusal):
    """MOST_PENDING_OF_PERSON requests of this person are pending already (T33)."""

    def __init__(self, how_many):
        super().__init__(
            f"You wait to be let into {how_many} classes already. Wait for an answer, or cancel a request under My "
            "classes, then ask again."
        )


class JoinedTooOften(Refusal):
    """The person has joined one class, or asked to join it, too often within a day (T33)."""

    def __init__(self, times):
        super().__init__(
            f"You've joined this class, or asked to join it, {times} times today. Try again tomorrow."
        )


class HappenedSince(Refusal):
    """The decision that a manager wants to undo or change stands no more (Q3, Q9).

    The request was read using for_undoing().
    """

    def __init__(self, join_request, by):
        if not join_request.is_decided:
            message = f"{join_request.name} is waiting in the approval queue."
        elif join_request.decision_stands or join_request.decided_by_id == join_request.user_id:
            message = join_request.who_decided(by)
        else:
            message = (
                f"{join_request.name} has joined, left or asked again since, or a manager has moved them. So "
                "nothing has been changed. The history shows what happened."
            )
        super().__init__(message)


class TooLateToUndo(Refusal):
    """UNDO_WITHIN has passed since the decision (Q9)."""

    def __init__(self, join_request, by):
        instead = {
            "approved": "If they don't belong here, remove them under Members.",
            "denied": "You can still let them in after all, under Recent decisions.",
        }[join_request.status]
        super().__init__(
            f"{join_request.who_decided(by)} A decision can be undone for {format_span(UNDO_WITHIN)}. {instead}"
        )


class AccountClosed(Refusal):
    def __init__(self, join_request):
        super().__init__(f"The account of {join_request.name} is closed, so nothing has been changed.")


class AlreadyDecided(Refusal):
    """The requester wants to cancel a request that has ended already: the first decision stands (Q3)."""
