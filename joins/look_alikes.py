"""Finds names in a class that look like the name of somebody who asks to join (T42, T43)."""

from collections import defaultdict
from itertools import chain
from typing import NamedTuple

from accounts.compiled import compiled
from accounts.named import Named
from accounts.skeletons import skeletons, without_title
from classroom.models import Membership
from classroom.models.listed_members import LISTED_COLUMNS, ListedMember

MOST_COMPARED = 2000  # members, managers first, then by name; comparing so many takes about 30 ms


class LookAlike(NamedTuple):
    """Somebody of the class whose name or username looks like that of a person who asks to join."""

    user_id: int
    person: Named
    role_name: str  # of a manager; otherwise empty
    waits: bool  # they were moved to the queue


def mark_look_alikes(classroom, join_requests, is_whole_queue=False):
    """Set `looks_like` on each request: a LookAlike, or None.

    It can also be somebody who was moved to the queue: they were in the class, and the person with the similar name may
    want to take their place (T30). Compares both the name from the time of the request (T46) and the current one, which
    the class will see. Needs two queries, however many requests there are; one if these are the whole queue.
    """
    drawn = defaultdict(list)
    for join_request in join_requests:
        join_request.looks_like = None
        for skeleton in _skeletons_of_request(join_request):
            drawn[skeleton].append(join_request)
    if not drawn:
        return
    queue = join_requests if is_whole_queue else classroom.join_requests.queue().filter(moved_to_queue=True)
    moved = [there for there in queue[:MOST_COMPARED] if there.moved_to_queue]
    for there in chain(_members(classroom), map(_moved, moved)):
        for skeleton in _skeletons_of_member(there.person) & drawn.keys():
            for join_request in drawn[skeleton]:
                if join_request.looks_like is None and join_request.user_id != there.user_id:
                    join_request.looks_like = there


def is_like_another(classroom, user):
    """Return whether this person's current name looks like that of somebody else in the class."""
    drawn = _skeletons_of_name(user.full_name)
    return any(
        drawn & _skeletons_of_member(there.person)
        for there in _members(classroom)
        if there.user_id != user.pk
    )


def _members(classroom):
    for member in _compared_members.all(classroom.pk):
        role_name = Membership.Role(member.role).label.lower() if member.is_manager else ""
        yield LookAlike(member.user_id, member, role_name, waits=False)


@compiled(ListedMember)
def _compared_members(classroom_id):
    return (
        Membership.objects.filter(classroom=classroom_id)
        .as_listed()[:MOST_COMPARED]
        .values_list(*LISTED_COLUMNS)
    )


def _moved(join_request):
    return LookAlike(join_request.user_id, join_request.user, "", waits=True)


def _skeletons_of_member(user):
    """Return the skeletons of a member's names: of a teacher with and without title, as "Mr Lind" may be any Lind."""
    names = skeletons(user.full_name) | skeletons(user.username)
    if user.is_teacher:
        names |= skeletons(without_title(user.full_name)) | _titled(user.last_name or user.full_name)
    return names


def _skeletons_of_request(join_request):
    names = {join_request.name, join_request.user.full_name}
    return skeletons(join_request.user.username).union(*map(_skeletons_of_name, names))


def _skeletons_of_name(name):
    """Return the skeletons of a name that a person chose freely, such as "Mr Lind" or "Noor Aziz (teacher)"."""
    names = skeletons(name)
    if untitled := without_title(name):
        names |= skeletons(untitled) | _titled(untitled)
    return names


def _titled(name):
    return {f"titled {drawn}" for drawn in skeletons(without_title(name) or name)}
