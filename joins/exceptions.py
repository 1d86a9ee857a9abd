from classroom.exceptions import Refusal
from joins.times import moment


class UnknownCode(Refusal):
    """Also for a retired one (K8) and, before log-in, for that of an archived class (J0). True for all of them."""

    message = "No open class has this Code. Check it, or ask your teacher if it has changed or the class has closed."
    status = 422


class TooManyWrongCodes(Refusal):
    """From this account, session or network, in the last ten minutes (T17)."""

    message = "Too many wrong tries. Wait 10 minutes, then try again. Ask your teacher to show you the Code."
    status = 429
    again_after = 600


class CodesPaused(Refusal):
    """Whatever the Code is, and without a look-up: in networks that are not known, while Codes are guessed (T18)."""

    message = (
        "Codes don't work from here right now, because too many wrong ones are being tried: use the class's Join URL, "
        "or try from school."
    )
    status = 429
    again_after = 600


class AskTheSchool(Refusal):
    """A password that is not the teacher's to give (T15), or a name that is not theirs to correct (A8)."""


class CodeLocked(Refusal):
    message = "The Code is locked. Unlock it first."


class BadMoment(Refusal):
    status = 422


class CodeChanged(Refusal):
    message = "The Code has been reset meanwhile. Here is the new one; nothing else has changed."


class AskedTooSoon(Refusal):
    """Denied less than ASK_AGAIN_AFTER ago (Q6). `again_at` is an aware moment."""

    def __init__(self, denied, again_at):
        super().__init__(
            f"A teacher said no to your last request to join {denied.class_name}. You can ask again from "
            f"{moment(again_at)}. Not sure why? Talk to the teacher."
        )


class AskingPaused(Refusal):
    def __init__(self, classroom):
        super().__init__(
            f"Nobody can ask to join {classroom.name} just now: its teachers have paused that. Try again another day. "
            "If you have been given the Code, it works as ever."
        )


class QueueFull(Refusal):
    """MOST_PENDING_IN_CLASS wait already (T33)."""

    def __init__(self, classroom):
        super().__init__(
            f"So many people ask to join {classroom.name} that no more can wait just now. Try again later, or speak to "
            "its teacher."
        )


class WaitsEnough(Refusal):
    """MOST_PENDING_OF_PERSON of their requests wait already (T33)."""

    def __init__(self, how_many):
        super().__init__(
            f"You wait to be let into {how_many} classes already. Wait for an answer, or withdraw a request under My "
            "classes, then ask again."
        )


class CameTooOften(Refusal):
    """Into one class, or to its door (T33)."""

    def __init__(self, times):
        super().__init__(
            f"You've joined this class, or asked to join it, {times} times today. Try again tomorrow."
        )


class AlreadyDecided(Refusal):
    """The first decision stands (Q3); told to the requester, not to a manager."""
