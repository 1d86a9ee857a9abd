"""The names on a class list and their slips: who has one, who has used it, and who needs one (L4)."""

from typing import NamedTuple

from classroom.models import ListedName
from joins.class_list import Line, lines
from joins.models import Slip


class SlipLine(NamedTuple):
    pk: int  # of the ListedName
    line: Line
    unused: Slip | None
    used: list  # slips, the first to be used first

    @property
    def needs_slip(self):
        """Whether the person is missing, and has no slip that works."""
        return not (self.line.member or self.line.join_request or self.unused)


def slip_lines(classroom):
    """Return a SlipLine for each name on the list. Needs four queries, however many names there are."""
    if classroom.list_kept_at is None:
        return []
    pks = {listed.name: listed.pk for listed in ListedName.objects.filter(classroom=classroom).order_by("pk")}
    slips = Slip.objects.of(classroom).unused().select_related("join_code", "listed_name")
    unused = {slip.listed_name_id: slip for slip in slips}
    used = used_slips(classroom)
    return [
        SlipLine(pks[line.name], line, unused.get(pks[line.name]), used.get(line.name, []))
        for line in lines(classroom, pks)
    ]


def used_slips(classroom):
    """Return a dict: name on the list -> its slips that somebody has used. Needs one query; without a list none."""
    found = {}
    if classroom.list_kept_at is not None:
        for slip in Slip.objects.of(classroom).used():
            found.setdefault(slip.listed_name.name, []).append(slip)
    return found
