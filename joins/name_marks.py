"""What the names of those who wait say: whose name theirs is like (T42), and whether it's on the class list (L3)."""

from joins.class_list import is_second, mark_on_list
from joins.look_alikes import compared_members, mark_look_alikes


def mark_names(classroom, join_requests, is_whole_queue=False):
    """Set `looks_like` and `on_list` on each request that waits. `is_whole_queue` saves the queries for the others."""
    members = compared_members(classroom) if join_requests else []
    mark_look_alikes(classroom, join_requests, members, is_whole_queue)
    mark_on_list(classroom, join_requests, members, is_whole_queue)


def has_warning(join_request):
    """Whether a manager should look who this is, so that no act on several people lets them in."""
    return join_request.looks_like is not None or is_second(join_request)
