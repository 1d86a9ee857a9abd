"""What the lists of a class show of a member, and which acts are offered beside it."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from accounts.shown_names import Named
from classroom.models.event import Door
from classroom.models.role_now import ROLE_NOW
from classroom.rights import CO_TEACHER, MANAGERS, MEMBER, OWNER, RIGHTS


class Placed:
    """For a class with the attributes role, door and joined_at, and for managers also co_teacher_until."""

    __slots__ = ()

    @property
    def is_manager(self):
        return self.role in MANAGERS

    @property
    def ends_as_co_teacher(self):
        """The moment, or None."""
        return self.co_teacher_until if self.role == CO_TEACHER else None

    @property
    def how_joined(self):
        """The door and the day, in the reader's time zone."""
        return self.door, timezone.localdate(self.joined_at)

    @property
    def is_movable_to_queue(self):
        """Plain members who came by a door can wait at it again."""
        return self.role == MEMBER and self.door != Door.OPENED

    @property
    def right_to_remove(self):
        return "remove_co_teacher" if self.role == CO_TEACHER else "remove_member"

    def can_be_removed_by(self, remover):
        """`remover` is a Membership. Only the owner can remove a co-teacher, and nobody can remove the owner (C2)."""
        return self.role != OWNER and remover.role in RIGHTS[self.right_to_remove]


@dataclass(frozen=True, slots=True)
class ShownMember(Named, Placed):
    """What a list shows of a Membership and its User."""

    user_id: int
    username: str
    first_name: str
    last_name: str
    kind: str
    role: str
    door: str
    joined_at: datetime


SHOWN_COLUMNS = [
    "user_id",
    "user__username",
    "user__first_name",
    "user__last_name",
    "user__kind",
    ROLE_NOW,
    "door",
    "joined_at",
]


@dataclass(frozen=True, slots=True)
class ManagedMember(ShownMember):
    """A member with what decides which acts their menu offers. The pages of these acts, and the acts, ask the same.

    Each `why_not_…` is the sentence that says why no manager may do this, or empty if they may.
    """

    is_staff: bool
    has_verified_address: bool
    is_created_here: bool  # the account, with a Code of this class
    slip_name: str  # on the slip with which they joined, if the class list still has it
    co_teacher_until: datetime | None

    @property
    def why_not_correct_name(self):
        if self.is_teacher:
            return "Teachers change their name themselves, in their profile."
        if self.is_staff or not self.is_created_here:
            return (
                f"{self.full_name} didn't create their account with a Code of this class. They can change their name "
                "themselves, in their profile."
            )
        return ""

    @property
    def why_not_give_password(self):
        if self.is_teacher:
            return "Teachers choose a new password by email, from the log-in page. Or ask your school's administrator."
        if self.is_staff:  # the password is the first of the two steps into the admin
            return f"{self.full_name} is an operator of this site. Ask your school's administrator."
        if self.has_verified_address:
            return (
                f"{self.full_name} has an email address and can choose a new password by email, from the log-in "
                "page."
            )
        if not self.is_created_here:
            return (
                f"{self.full_name} didn't create their account with a Code of this class, so you can't give them a "
                "password. Ask your school's administrator."
            )
        return ""


def usual_way(members):
    """Return how_joined of most of these members, or None if no two of them joined by the same door on the same day.

    Each slip is told for itself.
    """
    joined = Counter(member.how_joined for member in members if member.door in (Door.CODE, Door.JOIN_URL))
    [(way, how_many)] = joined.most_common(1) or [(None, 0)]
    return way if how_many > 1 else None
