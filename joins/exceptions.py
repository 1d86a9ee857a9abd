from classroom.exceptions import Refusal
from joins.moments import moment


class UnknownCode(Refusal):
    """Also for a retired one: the two answer alike (K8)."""

    message = "There is no class with this Code. Look again, or ask your teacher whether it has been changed."
    status = 422


class AskTheSchool(Refusal):
    """A password that is not the teacher's to give (T15)."""


class CodeLocked(Refusal):
    message = "The Code is locked. Unlock it first."


class BadMoment(Refusal):
    status = 422


class CodeChanged(Refusal):
    message = "The Code has been reset meanwhile. Here is the new one; nothing else has changed."


class AskedTooSoon(Refusal):
    """Denied less than ASK_AGAIN_AFTER ago (Q6). `again_at` is an aware moment."""

    def __init__(self, denied, again_at):
        when = moment(again_at)
        super().__init__(
            f"Your last request to join {denied.class_name} was denied. You can ask again from {when}."
        )


class AlreadyDecided(Refusal):
    """The first decision stands (Q3). `join_request` tells who decided what, when."""

    def __init__(self, join_request):
        super().__init__(join_request.told)
