"""A leaked Code: issue a new one, and move those who joined with the old one to the queue for a check (T30)."""

from accounts.models import Notification
from classroom.exceptions import NotAMember
from classroom.models import Door, Event
from joins import notices
from joins.exceptions import CodeChanged
from joins.models import JoinCode, JoinRequest


def report_leak(join_code, by, since=None, keep=()):
    """Retire the Code, issue a new, locked one, and move the people who joined with the old one to the queue.

    This concerns people who joined at `since` or later, except the users whose pk is in `keep`. If the Code was reset
    earlier, the people who joined with it are still in the class: then the current Code stays, but is locked. Returns
    how many people were moved. Raises CodeChanged if the leak of this Code was reported before.
    """
    with join_code.classroom.one_at_a_time("report_leak", by) as classroom:
        classroom.check_not_archived(by)
        mine = JoinCode.objects.filter(pk=join_code.pk)
        is_current = mine.current().exists()
        if not is_current and reports_of(join_code).exists():
            raise CodeChanged
        mine.due().record_locks()
        classroom.record(Event.Kind.REPORT_LEAK, by, code=join_code.code)
        fresh = join_code.replace(classroom, by) if is_current else JoinCode.objects.current_of(classroom)
        fresh.lock(by)
        gone = move_all_to_queue(classroom, join_code.members_joined(since).exclude(user__in=keep), by)
        notices.leak_reported(classroom, by, len(gone))
    return len(gone)


def reports_of(join_code, **by):
    """Filter the history by the report that this Code had leaked. There is at most one."""
    return join_code.classroom.events.filter(kind=Event.Kind.REPORT_LEAK, code=join_code.code, **by)


def move_to_queue(classroom, username, by):
    """Replace a membership by a pending request, so that a manager can easily let an innocent child in again.

    Returns the user, also the second time, which changes nothing. Raises NotAMember, also if the person is a manager;
    DoneByAnother, ArchivedFirst, NotAllowed.
    """
    with classroom.one_at_a_time("move_to_queue", by) as classroom:
        classroom.check_not_archived(by)
        found = move_all_to_queue(classroom, classroom.memberships.filter(user__username=username), by)
        if found:
            return found[0]
        waits = classroom.join_requests.pending().filter(user__username=username, moved_to_queue=True)
        if not waits.exists():
            raise NotAMember
        return classroom.events.get_repeated(Event.Kind.SET_ASIDE, by, user__username=username).user


def move_all_to_queue(classroom, memberships, by):
    """Do what move_to_queue() does for the plain members among `memberships` who came by a door. Return their users.

    The number of statements is the same, however many members there are. The caller has locked the class's row.
    """
    leaving = memberships.plain().exclude(door=Door.OPENED)
    members = list(leaving.select_related("user"))
    # What they were notified of as members is no longer for them (T60).
    Notification.objects.filter(topic=classroom.public_id, user__in=leaving.values("user")).mark_read()
    leaving.delete()
    codes = classroom.join_codes.in_bulk({gone.code for gone in members} - {""}, field_name="code")
    JoinRequest.objects.bulk_create(
        JoinRequest(
            classroom=classroom,
            user=gone.user,
            door=gone.door,
            join_code=codes.get(gone.code),  # the door by which they once joined (J9)
            name=gone.user.full_name,
            class_name=classroom.name,
            moved_to_queue=True,
        )
        for gone in members
    )
    act = {"classroom": classroom, "kind": Event.Kind.SET_ASIDE, "by": by}
    Event.objects.bulk_create(
        Event(user=gone.user, door=gone.door, code=gone.code, **act) for gone in members
    )
    users = [gone.user for gone in members]
    notices.moved_to_queue(classroom, users)
    return users
