"""An operator gives a class a new owner (ADR 24)."""

from accounts.models import User
from classroom import exceptions, notices, signals
from classroom.models import Classroom, Door, Event
from classroom.models.membership import NO_END
from classroom.rights import MEMBER, OWNER


def hand_over_orphaned(classroom, to, by=None):
    """Make the teacher `to` the owner of a class whose owner's account is closed or erased (C6; ADR 24).

    `to` need not be in the class. `by` is an operator, or None at the command line. The former owner becomes a
    plain member: if their account is reopened later, they don't get back rights that nobody gave them. Repeating
    the same call changes nothing. Raises HasOwner, TeachersOnly, CannotOwn, NotAllowed.
    """
    if by and not by.is_staff:
        raise exceptions.NotAllowed
    with classroom.one_at_a_time() as classroom:
        if not Classroom.objects.orphaned().filter(pk=classroom.pk).exists():
            if _is_handed_over(classroom, to, by):
                return
            raise exceptions.HasOwner(classroom)
        _check_can_own(classroom, to)
        _retire_owner(classroom)
        classroom.memberships.update_or_create(
            user=to, defaults={"role": OWNER, **NO_END}, create_defaults={"role": OWNER, "door": Door.OPENED}
        )
        classroom.record(Event.Kind.TRANSFER_CLASS, by, user=to)
        signals.role_given.send(Classroom, classroom=classroom, user=to)
        notices.owner_replaced(classroom, to, by)


def _is_handed_over(classroom, to, by):
    """Return whether the class's latest change of owner was this one: by the same operator, to the same person."""
    last = classroom.events.filter(kind=Event.Kind.TRANSFER_CLASS).newest_first().first()
    return last is not None and (last.by, last.user, classroom.owner) == (by, to, to)


def _check_can_own(classroom, to):
    """Raise TeachersOnly or CannotOwn if the user `to` cannot own this class.

    Holds the user's row until the transaction ends, so that nobody erases the account in the meantime.
    """
    if not to.is_teacher:
        raise exceptions.TeachersOnly("Only a teacher's account can own a class.")
    if not User.objects.active().hold_row(to):
        raise exceptions.CannotOwn("This account is closed, so it can't own a class.")
    if not to.can_log_in:
        raise exceptions.CannotOwn(
            "This person has not verified their email address yet. Nobody can say whose account it is."
        )
    if classroom.kept_out.filter(user=to).exists():
        raise exceptions.CannotOwn("This person is blocked in this class, so they can't own it.")


def _retire_owner(classroom):
    """Make the former owner a plain member, or delete their membership if their account is erased.

    An erasure has to leave the owner's membership in place, because a class always has an owner.
    """
    owned = classroom.memberships.filter(role=OWNER)
    notices.mark_read(classroom, owned.values("user"))
    owned.exclude(user__erased_at=None).delete()
    owned.update(role=MEMBER)
