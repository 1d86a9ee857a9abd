"""What the names of those who wait say: whose name theirs is like (T42), and whether it's on the class list (L3)."""

from collections import Counter

from classroom.same_name import exact
from joins.class_list import is_second, mark_on_list
from joins.look_alikes import compared_members, mark_look_alikes


def mark_names(classroom, join_requests, is_whole_queue=False):
    """Set `looks_like`, `has_same_name` and `on_list` on each request that waits. Each has its user loaded.

    Both the name from the time of the request (T46) and the current one count, which the class will see. Of others who
    wait only the former counts: for the latter, PostgreSQL would read every account. `is_whole_queue` saves the queries
    for them.
    """
    if not join_requests:
        return
    members = compared_members(classroom)
    mark_look_alikes(classroom, join_requests, members, is_whole_queue)
    names = [{exact(one.name), exact(one.user.full_name)} for one in join_requests]
    waiting = Counter(exact(name) for name in _names_in_queue(classroom, join_requests, is_whole_queue))
    for join_request, theirs in zip(join_requests, names, strict=True):
        waiting += Counter(theirs - {exact(join_request.name)})
    for join_request, theirs in zip(join_requests, names, strict=True):
        join_request.has_same_name = any(waiting[name] > 1 for name in theirs)
    mark_on_list(classroom, join_requests, members, waiting)


def _names_in_queue(classroom, join_requests, is_whole_queue):
    if is_whole_queue:
        return [join_request.name for join_request in join_requests]
    return classroom.join_requests.pending().values_list("name", flat=True)


def has_warning(join_request):
    """Whether a manager should look who this is, so that no act on several people lets them in."""
    is_like = join_request.looks_like is not None
    return is_like or join_request.has_same_name or is_second(join_request)
