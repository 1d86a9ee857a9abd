"""What each kind of notification says.

A notification stores its kind and its facts, and its sentence is made whenever somebody reads it: in their language and
in their time zone.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from accounts.times import format_moment, long_last_day

# The kind of a notification that the next release has written, while servers are being replaced (F27).
UNKNOWN = "There is news for you."
_sentences = {}


@dataclass(frozen=True)
class Sentence:
    to_students: str
    to_teachers: str


def register(kind, sentence, *, to_teachers=None):
    """Make a kind of notification known, and return it. Each app does it in its module `sentences`.

    `sentence` names the facts as in "%(by)s has deleted %(class_name)s." A fact whose name ends in `_at` is a moment,
    and of one in `_until` the last day is said. `to_teachers` is what a reader with a teacher's account reads, if that
    is another sentence. Raises ValueError if there is such a kind already.
    """
    if kind in _sentences:
        raise ValueError(f"Two kinds of notifications are called {kind}.")
    _sentences[kind] = Sentence(sentence, to_teachers or sentence)
    return kind


def say(kind, facts, reader):
    """Return the sentence for this user."""
    if kind not in _sentences:
        return UNKNOWN
    sentence = _sentences[kind]
    with timezone.override(reader.zone):
        facts = {name: _shown(name, fact) for name, fact in facts.items()}
    return (sentence.to_teachers if reader.is_teacher else sentence.to_students) % facts


def _shown(name, fact):
    if name.endswith("_at"):
        return format_moment(datetime.fromisoformat(fact))
    if name.endswith("_until"):
        return long_last_day(datetime.fromisoformat(fact))
    return fact
