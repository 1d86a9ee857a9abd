"""Finds names in a class that look like the name of somebody who asks to join (T42, T43)."""

from itertools import chain

from accounts.skeletons import skeletons, without_title

MOST_COMPARED = 2000  # members, managers first, then by name; comparing so many takes about 30 ms
NAMES = ["user__username", "user__first_name", "user__last_name", "user__kind"]


def mark_look_alikes(classroom, join_requests):
    """Set `looks_like` on each request: the Membership of somebody whose name or username looks similar, or None.

    It can also be the JoinRequest of somebody who was moved to the queue: they were in the class, and the person with
    the similar name may want to take their place (T30). Compares both the name from the time of the request (T46) and
    the current one, which the class will see. Needs two queries, however many requests there are.
    """
    waiting = {join_request: _skeletons_of_request(join_request) for join_request in join_requests}
    for join_request in waiting:
        join_request.looks_like = None
    if not any(waiting.values()):
        return
    members = _members(classroom)
    moved = classroom.join_requests.queue().filter(moved_to_queue=True)[:MOST_COMPARED]
    for there in chain(members, moved):
        names = _skeletons_of_member(there.user)
        for join_request, drawn in waiting.items():
            if join_request.looks_like is None and drawn & names and join_request.user != there.user:
                join_request.looks_like = there


def is_like_another(classroom, user):
    """Return whether this person's current name looks like that of somebody else in the class."""
    drawn = _skeletons_of_name(user.full_name)
    return any(
        drawn & _skeletons_of_member(there.user) for there in _members(classroom) if there.user_id != user.pk
    )


def _members(classroom):
    return classroom.memberships.as_listed().only("classroom", "role", *NAMES)[:MOST_COMPARED]


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
