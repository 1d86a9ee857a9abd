"""What a manager reads whose press came later than the decision about a request (Q3).

Each is a whole sentence: with "You" if the reader has decided it, in two windows.
"""

from typing import NamedTuple

from accounts.times import format_moment


class Sentences(NamedTuple):
    of_reader: str
    of_another: str


class Numbers(NamedTuple):
    one: Sentences
    many: Sentences


# About one request: by what became of it.
OF_REQUEST = {
    "folded": Sentences(
        "You put two accounts of %(user)s together on %(at)s.",
        "%(by)s put two accounts of %(user)s together on %(at)s.",
    ),
    "withdrawn": Sentences(*["%(user)s cancelled the request on %(at)s."] * 2),
    "admitted": Sentences(*["%(user)s joined %(class_name)s on %(at)s."] * 2),
    "denied": Sentences(
        "You said no to %(user)s on %(at)s.",
        "%(by)s said no to %(user)s on %(at)s.",
    ),
    "approved": Sentences(
        "You let in %(user)s on %(at)s.",
        "%(user)s was let in by %(by)s on %(at)s.",
    ),
}
# About all that a manager has done since a page was drawn: by the kind of their acts in the history.
SINCE = {
    "approve_request": Numbers(
        Sentences("You let in %(user)s on %(at)s.", "%(by)s let in %(user)s on %(at)s."),
        Sentences("You let in %(number)d people on %(at)s.", "%(by)s let in %(number)d people on %(at)s."),
    ),
    "deny_request": Numbers(
        Sentences("You said no to %(user)s on %(at)s.", "%(by)s said no to %(user)s on %(at)s."),
        Sentences(
            "You said no to %(number)d people on %(at)s.", "%(by)s said no to %(number)d people on %(at)s."
        ),
    ),
    "undo_approval": Numbers(
        Sentences("You undid letting in %(user)s on %(at)s.", "%(by)s undid letting in %(user)s on %(at)s."),
        Sentences(
            "You undid letting in %(number)d people on %(at)s.",
            "%(by)s undid letting in %(number)d people on %(at)s.",
        ),
    ),
    "undo_denial": Numbers(
        Sentences(
            "You undid saying no to %(user)s on %(at)s.", "%(by)s undid saying no to %(user)s on %(at)s."
        ),
        Sentences(
            "You undid saying no to %(number)d people on %(at)s.",
            "%(by)s undid saying no to %(number)d people on %(at)s.",
        ),
    ),
}


def say_of_request(became, by, reader, at, **facts):
    """Return the sentence about one request. `became` is a key of OF_REQUEST."""
    return _say(OF_REQUEST[became], by, reader, at, facts)


def say_since(kind, by, reader, events):
    """Return the sentence about these Events, which are all of one kind and by one manager, the oldest first."""
    sentences = SINCE[kind].one if len(events) == 1 else SINCE[kind].many
    facts = {"user": events[0].user.full_name, "number": len(events)}
    return _say(sentences, by, reader, events[-1].at, facts)


def _say(sentences, by, reader, at, facts):
    sentence = sentences.of_reader if by == reader else sentences.of_another
    return sentence % {"by": by.full_name, "at": format_moment(at), **facts}
