"""Moving members to the approval queue, until a manager has checked whether they belong in the class (T30)."""

from accounts.bulk import batches
from classroom import notices as class_notices
from classroom.acts import several
from classroom.exceptions import NotAMember
from classroom.models import Event
from joins import notices
from joins.models import JoinRequest

WHY_NOT_MOVED = "You can't move the owner, a co-teacher or a former owner to the queue."


def move_to_queue(classroom, username, by):
    """Replace a membership by a pending request, so that a manager can easily let an innocent child in again.

    Returns the user, also the second time, which changes nothing. Raises NotAMember, also if the person is a manager;
    DoneByAnother, ArchivedFirst, NotAllowed.
    """
    with classroom.one_at_a_time("move_to_queue", by) as classroom:
        classroom.check_not_archived(by)
        found = classroom.memberships.filter(user__username=username)
        member = found.with_role_now().select_related("user").first()
        if member and member.is_movable_to_queue:
            return move_all_to_queue(classroom, [member], by)[0]
        waits = classroom.join_requests.pending().filter(user__username=username, moved_to_queue=True)
        if not waits.exists():
            raise NotAMember
        return classroom.events.get_repeated(Event.Kind.MOVE_TO_QUEUE, by, user__username=username).user


def move_members_to_queue(classroom, user_ids, by):
    """Do what move_to_queue() does for each of these people, in one act. Return a SeveralDone.

    People of other classes are left out. Nothing is done twice. Raises ArchivedFirst, NotAllowed.
    """
    with classroom.one_at_a_time("move_members_to_queue", by) as classroom:
        classroom.check_not_archived(by)
        going, staying = movable(classroom, user_ids)
        move_all_to_queue(classroom, going, by)
        return several.several_done(
            classroom, user_ids, Event.Kind.MOVE_TO_QUEUE, by, going, staying, WHY_NOT_MOVED
        )


def movable(classroom, user_ids):
    """Return those of these people who are members, as two lists: who can be moved to the queue, and who stays."""
    found = several.find_members(classroom, user_ids)
    going = [member for member in found if member.is_movable_to_queue]
    return going, [member for member in found if not member.is_movable_to_queue]


def move_all_to_queue(classroom, members, by):
    """Do what move_to_queue() does for each of `members`, a list of Memberships with their users. Return the users.

    Each of them is_movable_to_queue. The number of statements is the same for up to BATCH_SIZE members. The caller
    holds the class's row.
    """
    for batch in batches(members):
        _move_to_queue(classroom, batch, by)
    return [gone.user for gone in members]


def _move_to_queue(classroom, members, by):
    users = [gone.user for gone in members]
    class_notices.mark_read(classroom, users)
    classroom.memberships.filter(user__in=users).delete()
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
    act = {"classroom": classroom, "kind": Event.Kind.MOVE_TO_QUEUE, "by": by}
    Event.objects.bulk_create(
        Event(user=gone.user, door=gone.door, code=gone.code, **act) for gone in members
    )
    notices.moved_to_queue(classroom, users)
