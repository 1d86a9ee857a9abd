"""Whom in the class the name of somebody who waits looks like (T42, T43)."""

from accounts.skeletons import skeletons, without_title

MOST_COMPARED = 2000  # members: managers first, then by name; comparing so many takes about 30 ms
NAMES = ["user__username", "user__first_name", "user__last_name", "user__kind"]


def mark(classroom, join_requests):
    """Give each request `looks_like`: the Membership of the class whose name or username looks like its own, or None.

    One query, however many wait. The name is the one that was frozen with the request (T46).
    """
    waiting = {join_request: _drawn(join_request) for join_request in join_requests}
    for join_request in waiting:
        join_request.looks_like = None
    if not any(waiting.values()):
        return
    compared = classroom.memberships.as_listed().only("classroom", "role", *NAMES)
    for member in compared[:MOST_COMPARED]:
        names = skeletons(member.user.full_name) | skeletons(member.user.username)
        if member.user.is_teacher:
            names |= {f"titled {drawn}" for drawn in skeletons(member.user.last_name)}
        for join_request, drawn in waiting.items():
            if join_request.looks_like is None and drawn & names:
                join_request.looks_like = member


def _drawn(join_request):
    """ "Mr Lind" looks like every teacher of that last name; "Leo Lind" like nobody but himself."""
    titled = {f"titled {drawn}" for drawn in skeletons(without_title(join_request.name))}
    return skeletons(join_request.name) | skeletons(join_request.user.username) | titled
