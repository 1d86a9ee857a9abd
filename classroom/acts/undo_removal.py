"""Undoing the removal of members, for a few minutes (Q9)."""

from django.db.models import Max
from django.db.models.functions import Now

from accounts.models import User
from classroom import notices
from classroom.acts.several import SeveralDone
from classroom.exceptions import DoneByAnother
from classroom.models import Event, Membership
from classroom.undoable import UNDO_WITHIN, Undoable

REMOVE, UNDO = Event.Kind.REMOVE_MEMBER, Event.Kind.UNDO_REMOVAL


def undo_removal(classroom, first, last, by):
    """Give back the memberships that one press has ended within UNDO_WITHIN, with role, door and day.

    The blocks that came with it end. `first` and `last` are the pks of the Events that the press wrote. Acts in a class
    run one at a time, so all removals between them are of this press. People whose removal can't be undone any more
    don't hold up the others. If the same manager does it again, nothing changes. Returns a SeveralDone. Raises
    NotAllowed.
    """
    with classroom.one_at_a_time("undo_removal", by) as classroom:
        removals = _undoable(classroom).filter(pk__range=(first, last)).select_related("user")
        removals = {event.user_id: event for event in removals.order_by("pk")}
        _hold(removals)
        changes = classroom.events.latest_place_changes(removals)
        remover = classroom.memberships.with_role_now().get(user=by)
        back, done, others = [], [], []
        for user_id, event in removals.items():
            latest = changes[user_id]
            if latest.kind == UNDO and latest.by == by:
                done.append(latest.user)
            elif why_not := _why_not(event, latest, remover):
                others.append(why_not)
            else:
                back.append(Membership.given_back(event))
        if back:
            _give_back(classroom, back, by)
    return SeveralDone([*(member.user for member in back), *done], others)


def undoable(classroom, users, by):
    """Return the Undoable of the press by which `by` has removed these users, or None if it was no one press."""
    removals = _undoable(classroom).filter(by=by)
    newest = removals.filter(user__in=users).values("user").annotate(newest=Max("pk"))
    events = sorted(newest.values_list("newest", flat=True))
    if not events or removals.filter(pk__range=(events[0], events[-1])).count() > len(events):
        return None
    return Undoable("classroom:undo_removal", classroom.public_id, events[0], events[-1], len(events))


def _undoable(classroom):
    """The removals that are not too long ago. Those by the previous release don't say what the membership was."""
    return classroom.events.filter(kind=REMOVE, at__gt=Now() - UNDO_WITHIN, joined_at__isnull=False)


def _hold(user_ids):
    """Hold their rows, so that none of these accounts is erased at this moment."""
    list(User.objects.filter(pk__in=user_ids).order_by("pk").select_for_update(no_key=True).values_list("pk"))


def _why_not(event, latest, remover):
    """Say why this removal can't be undone, or nothing. `latest` is the latest of what changed the person's place."""
    name = event.user.full_name
    if latest.kind == UNDO:
        return DoneByAnother(latest).message
    if latest.pk != event.pk:
        return f"{name} has joined, left or asked again since. The history shows what happened."
    if latest.user.erased_at:
        return "The account of somebody you removed has been deleted."
    if not Membership.given_back(event).can_be_removed_by(remover):
        return f"{name} isn't back. Only the owner can undo the removal of a co-teacher."
    return ""


def _give_back(classroom, members, by):
    users = [member.user for member in members]
    Membership.objects.bulk_create(members)
    blocks = classroom.kept_out.filter(user__in=users)
    let_back = [(Event.Kind.LET_BACK, user_id) for user_id in blocks.values_list("user", flat=True)]
    blocks.delete()
    kinds = [(UNDO, user.pk) for user in users] + let_back
    Event.objects.bulk_create(
        Event(classroom=classroom, kind=kind, by=by, user_id=user_id) for kind, user_id in kinds
    )
    notices.removals_undone(classroom, users)
