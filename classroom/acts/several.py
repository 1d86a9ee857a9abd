"""One act on several members of a class, and what became of each of them."""

from dataclasses import dataclass

from accounts.models import User
from classroom.exceptions import DoneByAnother
from classroom.models import Event, Membership
from classroom.models.membership import block_leavers, finish_removal

WHY_NOT_REMOVED = "Only the owner can remove a co-teacher, and nobody can remove the owner."


@dataclass(frozen=True)
class SeveralDone:
    """`done`: the users who were removed or moved, by this press or by an earlier one of the same manager (J10).

    `others` are sentences about the rest of those who were ticked.
    """

    done: list[User]
    others: list[str]


def remove_members(classroom, user_ids, by, keep_out):
    """Do what Membership.remove() does for those of these people that `by` can remove, in one act.

    People of other classes are left out. Nothing is done twice. With `keep_out`, people who left by themselves before
    that are blocked too, and count as done. Raises NotAllowed.
    """
    with classroom.one_at_a_time("remove_members", by) as classroom:
        going, staying = removable(classroom, user_ids, by)
        Membership.objects.filter(pk__in=[member.pk for member in going]).delete()
        if going:
            finish_removal(classroom, going, by, keep_out)
        here = {member.user_id for member in [*going, *staying]}
        gone = [user_id for user_id in user_ids if user_id not in here]
        left = block_leavers(classroom, gone, by) if keep_out and gone else []
        left_ids = {user.pk for user in left}
        others = [user_id for user_id in user_ids if user_id not in left_ids]
        outcome = several_done(
            classroom, others, Event.Kind.REMOVE_MEMBER, by, going, staying, WHY_NOT_REMOVED
        )
        return SeveralDone(outcome.done + left, outcome.others)


def block_if_left(classroom, user_ids, by):
    """Block those of these people who have left by themselves. Return the users. Raises NotAllowed."""
    with classroom.one_at_a_time("remove_members", by) as classroom:
        return block_leavers(classroom, user_ids, by)


def removable(classroom, user_ids, by):
    """Return those of these people who are members, as two lists: those that `by` can remove, and the rest."""
    remover = classroom.memberships.with_role_now().get(user=by)
    found = find_members(classroom, user_ids)
    going = [member for member in found if member.can_be_removed_by(remover)]
    return going, [member for member in found if member not in going]


def find_members(classroom, user_ids):
    return list(classroom.memberships.filter(user__in=user_ids).with_role_now().as_listed())


def several_done(classroom, user_ids, act, by, going, staying, why_stays):
    """Return the SeveralDone of an act of `by`, an Event.Kind, for which the members `going` were found and left.

    `why_stays` is the sentence about those who are `staying`. People in neither list have gone before,
    or have never been in this class.
    """
    here = {member.user_id for member in [*going, *staying]}
    gone = [user_id for user_id in dict.fromkeys(user_ids) if user_id not in here]
    changes = classroom.events.latest_place_changes(gone) if gone else {}
    done = [member.user for member in going]
    others = [f"{member.user.full_name} stays. {why_stays}" for member in staying]
    for event in (changes[user_id] for user_id in gone if user_id in changes):
        if event.kind == act and event.by == by:
            done.append(event.user)
        elif event.kind in (Event.Kind.REMOVE_MEMBER, Event.Kind.MOVE_TO_QUEUE):
            others.append(DoneByAnother(event).message)  # a manager did the one or the other
        else:
            others.append(f"{(event.user or event.by).full_name} is no longer in the class.")
    strangers = len(gone) - len(changes)
    if strangers == 1:
        others.append("One person you ticked is not in this class.")
    elif strangers:
        others.append(f"{strangers} people you ticked are not in this class.")
    return SeveralDone(done, others)
