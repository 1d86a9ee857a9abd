"""Whether somebody may do an act in a class now. Classroom.one_at_a_time() asks, once it holds the class's row."""

from typing import NamedTuple

from django.db.models import Exists

from accounts.compiled import compiled
from classroom.exceptions import NotAllowed, TooManyActs
from classroom.models.event import Event
from classroom.models.membership import Membership
from classroom.rights import BOUNDED, RIGHTS

# Entries that one person adds to the histories of all their classes in a day, until what BOUNDED names waits a day
# (T102). A history is kept as long as its class: one account was seen to add 20 entries a second. A teacher who lets in
# a whole school of 3,000 stays below it.
MOST_ACTS_A_DAY = 5000


class RoleNow(NamedTuple):
    role: str


class RoleAndActs(NamedTuple):
    role: str
    has_too_many_acts: bool


@compiled(RoleNow)
def _role_of(classroom_id, user_id):
    return Membership.objects.filter(classroom=classroom_id, user=user_id).values_role_now()


@compiled(RoleAndActs)
def _role_and_acts_of(classroom_id, user_id):
    acts = Event.objects.in_last_day(user_id).order_by("at")
    at_the_limit = Exists(acts.values("at")[MOST_ACTS_A_DAY - 1 : MOST_ACTS_A_DAY])  # reads no more than that
    mine = Membership.objects.filter(classroom=classroom_id, user=user_id)
    return mine.annotate(too_many=at_the_limit).values_role_now("too_many")


def role_for(right):
    """Return the compiled query of what check_right() asks about a member, who is in a class by its pk and theirs."""
    return _role_and_acts_of if right in BOUNDED else _role_of


def check_right(right, member, by):
    """Raise NotAllowed or TooManyActs. `member` is what role_for() has found, or None outside the class.

    An operator who is not in the class has every right.
    """
    role = member and member.role
    if role is None and by.is_staff:
        return
    if role not in RIGHTS[right]:
        raise NotAllowed
    if right in BOUNDED and member.has_too_many_acts:
        raise TooManyActs(MOST_ACTS_A_DAY)
