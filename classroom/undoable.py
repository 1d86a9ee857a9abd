from datetime import timedelta
from typing import NamedTuple

# How long a manager can undo a decision in the approval queue, or a removal (Q9).
UNDO_WITHIN = timedelta(minutes=10)


class Undoable(NamedTuple):
    """What the Undo button of one press sends. A message carries it as its tag, having no other field for it."""

    page: str  # the name of the address that it sends it to
    public_id: str  # of the class
    first: int  # the pk of the Event that this press wrote first about somebody
    last: int
    how_many: int  # people
    request_id: int = 0  # of the first of them, if it was about join requests

    def as_tag(self):
        return " ".join(["undo", *map(str, self)])

    @classmethod
    def from_tag(cls, tag):
        """Return what as_tag() has written, or None if it is another tag."""
        word, *values = tag.split() or [""]
        if word != "undo" or len(values) != len(cls._fields):
            return None
        page, public_id, *numbers = values
        return cls(page, public_id, *map(int, numbers))
