from classroom.exceptions import Refusal
from joins.times import format_moment


class UnknownCode(Refusal):
    """The Code never existed or is retired (K8), or, before log-in, its class is archived (J0). One text for all."""

    message = "No open class has this Code. Check it, or ask your teacher if it has changed or the class has closed."
    status = 422


class TooManyWrongCodes(Refusal):
    """This account, session or network has typed too many wrong Codes in the last ten minutes (T17)."""

    message = "Too many wrong tries. Wait 10 minutes, then try again. Ask your teacher to show you the Code."
    status = 429
    retry_after = 600


class CodesPaused(Refusal):
    """Too many wrong Codes come from unknown networks. So all Codes typed in such a network are refused alike (T18)."""

    message = (
        "Codes don't work from here right now, because too many wrong ones are being tried: use the class's Join URL, "
        "or try from school."
    )
    status = 429
    retry_after = 600


class AskTheSchool(Refusal):
    """The teacher may not give this person a password (T15), or not correct their name (A8). The message says why."""


class CodeLocked(Refusal):
    message = "The Code is locked. Unlock it first."


class BadMoment(Refusal):
    status = 422


class CodeChanged(Refusal):
    message = "Somebody reset the Code meanwhile. Here's the new one. Nothing else has changed."


class AskedTooSoon(Refusal):
    """The person's last request was denied only recently (Q6). `again_at` is an aware datetime."""

    def __init__(self, denied, again_at):
        super().__init__(
            f"A teacher said no to your last request to join {denied.class_name}. You can ask again from "
            f"{format_moment(again_at)}. Not sure why? Talk to the teacher."
        )


class AskingPaused(Refusal):
    def __init__(self, classroom):
        super().__init__(
            f"Nobody can ask to join {classroom.name} just now: its teachers have paused that. Try again another day. "
            "If you have the Code, you can still join with it."
        )


class QueueFull(Refusal):
    """MOST_PENDING_IN_CLASS requests are pending in this class already (T33)."""

    def __init__(self, classroom):
        super().__init__(
            f"So many people ask to join {classroom.name} that no more can wait just now. Try again later, or speak to "
            "its teacher."
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
    """The decision that a manager wants to undo stands no more (Q3, Q9). The request was read using for_undoing()."""

    def __init__(self, join_request, by):
        if not join_request.is_decided:
            message = f"{join_request.name} waits in the approval queue."
        elif join_request.decision_stands or join_request.decided_by_id == join_request.user_id:
            message = join_request.who_decided(by)
        else:
            message = (
                f"{join_request.name} has joined, left or asked again since, or a manager has moved them. So this "
                "can't be undone any more. The history shows what happened."
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
            f"{join_request.who_decided(by)} A decision can be undone for ten minutes. {instead}"
        )


class AccountClosed(Refusal):
    def __init__(self, join_request):
        super().__init__(f"The account of {join_request.name} is closed, so this can't be undone.")


class AlreadyDecided(Refusal):
    """The requester wants to cancel a request that has ended already: the first decision stands (Q3)."""
