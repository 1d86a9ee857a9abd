"""The lines of the page "Recent decisions": one for each decision, and one for all that one press has decided."""

import re
from itertools import groupby
from typing import NamedTuple

from classroom.names_in_sentence import names_in_sentence
from classroom.undoable import Undoable
from joins.acts.undo import recent_presses, undoable_between
from joins.models import JoinRequest

PER_PAGE = 50
WRITTEN = re.compile(rf"\A\d{{1,18}}([-.]\d{{1,18}}){{0,{PER_PAGE - 1}}}\Z", re.ASCII)  # by as_text()


class Line(NamedTuple):
    """One decision, or all of one press. Its requests are as for_lines() loads them, the newest first."""

    join_requests: list[JoinRequest]
    undoable: Undoable | None = None  # if the user can undo all of them in one press

    def __str__(self):
        return "-".join(str(one.pk) for one in self.join_requests)

    @property
    def names(self):
        return names_in_sentence([one.name for one in reversed(self.join_requests)])

    @property
    def decision(self):
        """The request that tells who decided about all of them, and when. None if they all wait again."""
        decided = [one for one in self.join_requests if one.is_decided]
        return min(decided, key=lambda one: one.decided_at, default=None)

    @property
    def waits_again(self):
        return any(not one.is_decided for one in self.join_requests)


def for_lines(join_requests):
    return join_requests.for_undoing().with_blocks()


def lines_of(classroom, decided, user):
    """Return the lines of these decided requests. Those that `user` can't undo in one press have a line each."""
    runs = [list(run) for _, run in groupby(decided, key=lambda one: (one.decided_at, one.decided_by_id))]
    is_recent = any(len(run) > 1 and run[0].is_within_undo for run in runs) and not classroom.is_archived
    presses = recent_presses(classroom, user) if is_recent else []
    lines = []
    for run in runs:
        undoable = _undoable(classroom, run, presses)
        lines += [Line(run, undoable)] if undoable else [Line([one]) for one in run]
    return lines


def as_text(lines):
    """Write down who is in which line, for read_lines()."""
    return ".".join(map(str, lines))


def read_lines(classroom, text, user):
    """Return the lines that as_text() wrote, with the same people, whatever has become of their requests since.

    Returns an empty list if the text is no such thing, or none of these requests is one of the class's any more.
    """
    if not WRITTEN.match(text):
        return []
    runs = [[int(pk) for pk in line.split("-")] for line in text.split(".")]
    join_requests = classroom.join_requests.filter(pk__in=[pk for run in runs for pk in run])
    found = {one.pk: one for one in for_lines(join_requests)}
    presses = recent_presses(classroom, user) if any(len(run) > 1 for run in runs) else []
    people = [[found[pk] for pk in run if pk in found] for run in runs]
    return [Line(run, _undoable(classroom, run, presses)) for run in people if run]


def _undoable(classroom, run, presses):
    """Return what undoes all decisions of `run` that still stand, or None if less than two are of one of `presses`."""
    changes = [one.last_change for one in run if one.decision_stands]
    for first, last in presses:
        if sum(first <= change <= last for change in changes) > 1:
            return undoable_between(classroom, first, last, len(run), run[0].pk)
    return None
