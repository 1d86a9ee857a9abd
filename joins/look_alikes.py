"""Finds names in a class that look like the name of somebody who asks to join (T42, T43)."""

from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from accounts.compiled import compiled
from accounts.shown_names import Named
from accounts.skeletons import (
    REMEMBERED,
    SkeletonIndex,
    Skeletons,
    skeletons,
    without_initials,
    without_title,
)
from classroom.models import Membership
from classroom.models.shown_members import SHOWN_COLUMNS, ShownMember

MOST_COMPARED = 2000  # members, managers first, then by name; comparing so many takes 20 to 50 ms


class LookAlike(NamedTuple):
    """Somebody of the class whose name or username looks like that of a person who asks to join."""

    user_id: int
    person: Named
    role_name: str  # of a manager; otherwise empty
    waits: bool  # they were moved to the queue


def compared_members(classroom):
    """Return up to MOST_COMPARED members of the class, each as a LookAlike."""
    return list(_members(classroom))


def mark_look_alikes(classroom, join_requests, members, is_whole_queue=False):
    """Set `looks_like` on each request: a LookAlike, or None.

    It can also be somebody who was moved to the queue: they were in the class, and the person with the similar name may
    want to take their place (T30). Compares both the name from the time of the request (T46) and the current one, which
    the class will see. `members` are the compared_members() of the class. Needs one query, however many requests there
    are; none if these are the whole queue.
    """
    index = SkeletonIndex()
    for join_request in join_requests:
        join_request.looks_like = None
        index.add(_drawn_request(join_request), join_request)
    queue = join_requests if is_whole_queue else classroom.join_requests.queue().filter(moved_to_queue=True)
    moved = [there for there in queue[:MOST_COMPARED] if there.moved_to_queue]
    for there in chain(members, map(_moved, moved)):
        for join_request in index.find(_drawn_member(there.person)):
            if join_request.looks_like is None and join_request.user_id != there.user_id:
                join_request.looks_like = there


def is_like_another(classroom, user):
    """Return whether this person's current name looks like that of somebody else in the class."""
    drawn = _drawn_name(user.full_name)
    return any(
        drawn.is_like(_drawn_member(there.person))
        for there in _members(classroom)
        if there.user_id != user.pk
    )


def _members(classroom):
    for member in _compared_members.up_to(MOST_COMPARED, classroom.pk):
        role_name = Membership.Role(member.role).label.lower() if member.is_manager else ""
        yield LookAlike(member.user_id, member, role_name, waits=False)


@compiled(ShownMember)
def _compared_members(classroom_id):
    return Membership.objects.filter(classroom=classroom_id).as_listed().values_list(*SHOWN_COLUMNS)


def _moved(join_request):
    return LookAlike(join_request.user_id, join_request.user, "", waits=True)


def _drawn_member(user):
    """Return how a member's names are drawn: of a teacher with and without title.

    "Mr Lind" and "Mr J. Lind" may be any Lind, and "Mr Jonas" any Jonas.
    """
    drawn = Skeletons.of(user.full_name)
    whole = drawn.whole | skeletons(user.username)
    if user.is_teacher:
        whole |= skeletons(without_title(user.full_name))
        for name in (user.first_name, user.last_name or user.full_name):
            whole |= _titled(name).whole
    return Skeletons(whole, drawn.shorter)


def _drawn_request(join_request):
    drawn = Skeletons(skeletons(join_request.user.username), frozenset())
    for name in {join_request.name, join_request.user.full_name}:
        drawn |= _drawn_name(name)
    return drawn


@lru_cache(REMEMBERED)
def _drawn_name(name):
    """Return how a name that a person chose freely is drawn, such as "Mr Lind" or "Noor Aziz (teacher)"."""
    drawn = Skeletons.of(name)
    if untitled := without_title(name):
        drawn |= Skeletons.of(untitled) | _titled(untitled)
    return drawn


def _titled(name):
    found = Skeletons.of(without_initials(without_title(name) or name))
    return Skeletons(*(frozenset(f"titled {drawn}" for drawn in some) for some in found))
