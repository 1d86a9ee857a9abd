"""Which people on the class list are in, which wait and which are missing, and who of those who wait is on it (L3)."""

from collections import Counter
from typing import NamedTuple

from classroom.models import ListedName
from classroom.models.shown_members import ShownMember
from classroom.same_name import NameList, exact, match_people
from joins.models import JoinRequest

YES, LIKE, TWICE, NO = "yes", "like", "twice", "no"  # see OnList


class OnList(NamedTuple):
    """What the list says of somebody who waits.

    YES: the same name is on it. LIKE: nearly the same. NO: neither. TWICE: the same name is on it, but somebody else
    who waits or is in the class has it too, and one of the two may have borrowed it.
    """

    how: str
    name: str = ""  # on the list, of LIKE


class Line(NamedTuple):
    """A name on the list, and who has it: somebody in the class, somebody who waits, or nobody."""

    name: str
    member: ShownMember | None = None
    join_request: JoinRequest | None = None
    used_slips: tuple = ()  # those with this name that somebody has used; only set where a page shows them

    @property
    def person_name(self):
        """The name of the person who has this line, if it isn't exactly the one on the list."""
        if self.member:
            name = self.member.full_name
        elif self.join_request:
            name = self.join_request.name
        else:
            return ""
        return "" if exact(name) == exact(self.name) else name


def mark_on_list(classroom, join_requests, members, waiting):
    """Set `on_list` on each request that waits: an OnList, or None if the class has no list.

    `members` are the compared_members() of the class. `waiting` counts all who wait by exact() of their names.
    Needs one query.
    """
    for join_request in join_requests:
        join_request.on_list = None
    names = ListedName.objects.of(classroom)
    if not names:
        return
    listed = NameList(names)
    people = waiting + Counter(exact(there.person.full_name) for there in members)
    for join_request in join_requests:
        join_request.on_list = _on_list(join_request.name, listed, people)


def is_listed(join_request):
    """Whether the name is on the list, and nobody else's."""
    return join_request.on_list is not None and join_request.on_list.how == YES


def is_second(join_request):
    return join_request.on_list is not None and join_request.on_list.how == TWICE


def _on_list(name, listed, people):
    found = listed.find(name)
    if found is None:
        return OnList(NO)
    if not found.is_exact:
        return OnList(LIKE, found.name)
    return OnList(TWICE if people[exact(name)] > 1 else YES)


def lines(classroom, names):
    """Return a Line for each of these names."""
    found = _who_is_in(classroom, names)
    missing = [name for name in names if name not in found]
    pending = classroom.join_requests.pending().oldest_first() if missing else []
    waiting = match_people(missing, [(join_request, join_request.name) for join_request in pending])
    return [Line(name, found.get(name), waiting.get(name)) for name in names]


def _who_is_in(classroom, names):
    """Return a dict: name on the list -> the ShownMember who has it."""
    members = classroom.memberships.plain().order_by("joined_at", "pk").values_for_list()
    return match_people(names, [(member, member.full_name) for member in members])


class Attendance(NamedTuple):
    """How many of those on the list are in the class."""

    present: int
    expected: int

    @property
    def missing(self):
        return self.expected - self.present


def attendance_of(lines):
    return Attendance(sum(line.member is not None for line in lines), len(lines))


def attendance(classroom):
    """Return the Attendance of a class, or None if it has no list. Needs two queries; none if it never had a list."""
    names = ListedName.objects.of(classroom)
    return Attendance(len(_who_is_in(classroom, names)), len(names)) if names else None
