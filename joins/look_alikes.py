"""Whom in the class the name of somebody who waits looks like (T42, T43)."""

from itertools import chain

from accounts.skeletons import skeletons, without_title

MOST_COMPARED = 2000  # members: managers first, then by name; comparing so many takes about 30 ms
NAMES = ["user__username", "user__first_name", "user__last_name", "user__kind"]


def mark(classroom, join_requests):
    """Give each request `looks_like`: whose name or username looks like its own, or None.

    That is a Membership of the class, or the JoinRequest of somebody who is set aside: they were in it, and may have
    left for the very person who took their name (T30). Two queries, however many wait. The name is both the one that
    was frozen with the request (T46) and the present one, by which the class will know the person.
    """
    waiting = {join_request: _drawn(join_request) for join_request in join_requests}
    for join_request in waiting:
        join_request.looks_like = None
    if not any(waiting.values()):
        return
    members = _members(classroom)
    set_aside = classroom.join_requests.queue().filter(set_aside=True)[:MOST_COMPARED]
    for there in chain(members, set_aside):
        names = _names(there.user)
        for join_request, drawn in waiting.items():
            if join_request.looks_like is None and drawn & names and join_request.user != there.user:
                join_request.looks_like = there


def is_like_another(classroom, user):
    """Whether this person's name, as it is now, looks like that of somebody else in the class."""
    drawn = _drawn_as(user.full_name)
    return any(drawn & _names(there.user) for there in _members(classroom) if there.user_id != user.pk)


def _members(classroom):
    return classroom.memberships.as_listed().only("classroom", "role", *NAMES)[:MOST_COMPARED]


def _names(user):
    """A teacher's with and without the title; "Mr Lind" looks like every teacher of that last name."""
    names = skeletons(user.full_name) | skeletons(user.username)
    if user.is_teacher:
        names |= skeletons(without_title(user.full_name)) | _titled(user.last_name or user.full_name)
    return names


def _drawn(join_request):
    names = {join_request.name, join_request.user.full_name}
    return skeletons(join_request.user.username).union(*map(_drawn_as, names))


def _drawn_as(name):
    """The same of somebody who may call themselves anything: "Mr Lind", or "Noor Aziz (teacher)"."""
    names = skeletons(name)
    if untitled := without_title(name):
        names |= skeletons(untitled) | _titled(untitled)
    return names


def _titled(name):
    return {f"titled {drawn}" for drawn in skeletons(without_title(name) or name)}
