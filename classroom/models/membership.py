from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from accounts.folding import InOrder, fold
from accounts.in_sets import Insertion
from accounts.models import User
from accounts.named import Named
from classroom import notices
from classroom.exceptions import NotAMember, OwnerStays, TeachersOnly, WrongRole
from classroom.models.event import Door, Event
from classroom.models.kept_out import KeptOut
from classroom.rights import MANAGERS, MEMBER, OWNER, RIGHTS, rights_of

# How a list of members can be sorted, see as_listed().
BY_LAST_NAME = InOrder("user__sort_name")
SORTS = {
    "last": [BY_LAST_NAME],
    "first": [InOrder("user__search_name")],
    "joined": [models.F("joined_at").desc()],
    "door": ["door", BY_LAST_NAME],
}


class MembershipQuerySet(models.QuerySet):
    def enrolling(self, rows, **fields):
        """Return the Insertion that makes a plain member of the person of each row of a queryset.

        It skips those who are members already. `fields` are classroom, user, door and code. The caller holds the
        class's row.
        """
        return Insertion(rows, self.model, fields, ignore_conflicts=True)

    def managers(self):
        """The owner and the co-teachers, without those whose account is closed (C6)."""
        return self.filter(role__in=MANAGERS, user__is_active=True)

    def answering(self):
        """The managers of classes that are not archived. A class is open if it has one (C4, C6)."""
        return self.managers().filter(classroom__archived_at=None)

    def owned_before(self, owner_id, membership_id):
        """The places that this person had as an owner before this one."""
        return self.filter(user=owner_id, role=OWNER, pk__lt=membership_id)

    def plain(self):
        """Neither owner nor co-teacher."""
        return self.filter(role=MEMBER)

    def owner_first(self):
        """Sort managers: the owner, then the co-teachers in the order in which they came. With their users."""
        return self.select_related("user").order_by("-role", "pk")

    def joined_since(self, since):
        """Those who joined at `since` (a datetime) or later, by Code or by Join URL; the latest first."""
        return self.filter(joined_at__gte=since).exclude(door=Door.OPENED).order_by("-joined_at", "-pk")

    def joined_with(self, code, since=None):
        """The plain members who joined with this Code (its letters), at `since` or later; the latest first."""
        joined = self.plain().filter(code=code).order_by("-joined_at", "-pk")
        return joined.filter(joined_at__gte=since) if since else joined

    def as_listed(self, sort="last"):
        """Sort: the owner, then the co-teachers, then the members. `sort` is one of SORTS, and sorts each of the three.

        "last" and "first" sort by name, regardless of case and accents (A7); "joined" shows the latest first.
        """
        rank = models.Case(
            models.When(role="owner", then=0), models.When(role="co-teacher", then=1), default=2
        )
        return self.select_related("user").order_by(rank, *SORTS[sort], "pk")

    def values_for_list(self):
        """Return a ListedMember for each, instead of a Membership with its User."""
        return [ListedMember(*row) for row in self.values_list(*LISTED_COLUMNS)]

    def managed_columns(self):
        """Return the values of a ManagedMember for each."""
        verified = Membership.objects.filter(pk=models.OuterRef("pk"), user__emailaddress__verified=True)
        return self.values_list(
            *LISTED_COLUMNS,
            "user__is_staff",
            models.Exists(verified),
            models.Case(
                models.When(user__sign_up__join_code__classroom=models.F("classroom"), then=True),
                default=False,
            ),
        )

    def values_for_managers(self):
        """Return a ManagedMember for each, instead of a Membership with its User."""
        return [ManagedMember(*row) for row in self.managed_columns()]

    def managed(self, user):
        """Return the ManagedMember of this user. Raises NotAMember."""
        for member in self.filter(user=user).values_for_managers():
            return member
        raise NotAMember

    def as_classmates_see(self):
        """Sort by first name.

        Classmates see only first names and an initial, and an order by last name would give the last names away (A6).
        """
        return self.as_listed("first")

    def teachers(self):
        return self.filter(user__kind=User.Kind.TEACHER)

    def seen_by(self, viewer):
        """Leave out the members that `viewer`, a Membership in this class, may not see.

        If the class hides its members, a student sees only the teachers and themselves (T91).
        """
        if viewer.sees_everybody:
            return self
        return self.filter(models.Q(user__kind=User.Kind.TEACHER) | models.Q(pk=viewer.pk))

    def search(self, words):
        """Those whose name or username contains each of the words, regardless of case and accents (A7)."""
        folded_words = fold(words).split()
        if words.strip() and not folded_words:
            return self.none()  # only punctuation was typed
        found = self
        for word in dict.fromkeys(folded_words):
            found = found.filter(user__search_name__contains=word)
        return found


def usual_way(members):
    """Return how_joined of most of these members, or None if no two of them joined by the same door on the same day."""
    joined = Counter(member.how_joined for member in members if member.door != Door.OPENED)
    [(way, how_many)] = joined.most_common(1) or [(None, 0)]
    return way if how_many > 1 else None


def finish_removal(classroom, users, by, keep_out):
    """Do what follows when a manager has removed `users` from the class; with `keep_out`, also block them (Q7).

    The number of statements is the same, however many they are. The caller holds the class's row.
    """
    notices.mark_read(classroom, users)
    kinds = [Event.Kind.REMOVE_MEMBER]
    if keep_out:
        blocks = [KeptOut(classroom=classroom, user=user, by=by) for user in users]
        KeptOut.objects.bulk_create(blocks, ignore_conflicts=True)
        kinds.append(Event.Kind.KEEP_OUT)
    Event.objects.bulk_create(
        Event(classroom=classroom, kind=kind, by=by, user=user) for user in users for kind in kinds
    )
    notices.removed(classroom, users)


class Placed:
    """For a class with the attributes role, door and joined_at."""

    __slots__ = ()

    @property
    def is_manager(self):
        return self.role in MANAGERS

    @property
    def how_joined(self):
        """The door and the day, in the reader's time zone."""
        return self.door, timezone.localdate(self.joined_at)

    @property
    def is_movable_to_queue(self):
        """Plain members who came by a door can wait at it again."""
        return self.role == MEMBER and self.door != Door.OPENED

    def can_be_removed_by(self, remover):
        """`remover` is a Membership. Only the owner can remove a co-teacher, and nobody can remove the owner (C2)."""
        right = "remove_member" if self.role == MEMBER else "remove_co_teacher"
        return self.role != OWNER and remover.role in RIGHTS[right]


@dataclass(frozen=True, slots=True)
class ListedMember(Named, Placed):
    """What a list shows of a Membership and its User."""

    user_id: int
    username: str
    first_name: str
    last_name: str
    kind: str
    role: str
    door: str
    joined_at: datetime


LISTED_COLUMNS = [
    "user_id",
    "user__username",
    "user__first_name",
    "user__last_name",
    "user__kind",
    "role",
    "door",
    "joined_at",
]


@dataclass(frozen=True, slots=True)
class ManagedMember(ListedMember):
    """A member with what decides which acts their menu offers. The pages of these acts, and the acts, ask the same.

    Each `why_not_…` is the sentence that says why no manager may do this, or empty if they may.
    """

    is_staff: bool
    has_verified_address: bool
    is_created_here: bool  # the account, with a Code of this class

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


class Membership(Placed, models.Model):
    """A person's place in a class: their role, and how they joined (J9)."""

    class Role(models.TextChoices):
        OWNER = "owner", "Owner"
        CO_TEACHER = "co-teacher", "Co-teacher"
        MEMBER = "member", "Member"

    # A foreign key gets no index of its own where a composite index begins with it, here and in other models.
    classroom = models.ForeignKey(
        "classroom.Classroom",
        models.CASCADE,
        db_index=False,
        related_name="memberships",
        verbose_name="class",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name="person"
    )
    role = models.CharField(max_length=10, choices=Role, default=Role.MEMBER)
    door = models.CharField(max_length=8, choices=Door, verbose_name="joined with")
    code = models.CharField(max_length=16, blank=True)
    joined_at = models.DateTimeField(db_default=Now())

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "member"
        verbose_name_plural = "members"
        constraints = [
            models.UniqueConstraint(fields=["classroom", "user"], name="one_membership"),
            models.UniqueConstraint(fields=["classroom"], condition=models.Q(role="owner"), name="one_owner"),
            models.CheckConstraint(
                condition=models.Q(role__in=["owner", "co-teacher", "member"]), name="membership_role_known"
            ),
            models.CheckConstraint(
                condition=models.Q(door="code") ^ models.Q(code=""), name="membership_by_code_names_it"
            ),
        ]

    def __str__(self):
        return f"{self.user} in {self.classroom}"

    @property
    def sees_everybody(self):
        """Whether they may see all members: if the class hides its members, students don't (T91)."""
        return self.user.is_teacher or not self.classroom.hides_members

    @property
    def wants_first_steps(self):
        """Whether the first steps are on the page, if this is the person's first class."""
        return self.role == OWNER and not self.user.hides_first_steps

    @property
    def rights(self):
        return rights_of(self.role)

    @property
    def how_to_restore(self):
        return self.classroom.how_to_restore(self.user)

    def make_co_teacher(self, by):
        """Make this plain member a co-teacher. Does nothing if they are one already.

        Raises TeachersOnly for a student's account (C3), NotAMember, and WrongRole if they are the owner.
        """
        if not self.user.is_teacher:
            raise TeachersOnly("Only a teacher's account can become co-teacher.")
        self._change_role("make_co_teacher", by, self.Role.MEMBER, self.Role.CO_TEACHER)

    def make_member(self, by):
        """Make this co-teacher a plain member again. Does nothing if they are one already.

        Raises NotAMember, and WrongRole if they are the owner.
        """
        self._change_role("make_member", by, self.Role.CO_TEACHER, self.Role.MEMBER)

    def remove(self, by, keep_out):
        """End the membership; with `keep_out`, also block the person, so that they can't join again (Q7).

        If the same manager does it again, nothing changes. Raises OwnerStays, NotAllowed, and WrongRole if their role
        has changed. If they are no longer a member, raises DoneByAnother if another manager removed them, else
        NotAMember.
        """
        right = "remove_co_teacher" if self.role == self.Role.CO_TEACHER else "remove_member"
        with self.classroom.one_at_a_time(right, by) as classroom:
            if self._delete(Event.Kind.REMOVE_MEMBER, by, user=self.user):
                finish_removal(classroom, [self.user], by, keep_out)

    def leave(self):
        """End the membership on the member's own wish. The second time changes nothing.

        Raises OwnerStays; and in the meantime, WrongRole if their role has changed, NotAMember if they were removed.
        """
        with self.classroom.one_at_a_time() as classroom:
            if self._delete(Event.Kind.LEAVE_CLASS, self.user):
                notices.mark_read(classroom, [self.user])
                classroom.record(Event.Kind.LEAVE_CLASS, self.user)

    def _delete(self, act, by, **fields):
        """Delete the membership, if its role is still the one that was loaded. The caller holds the class's row.

        Returns True after deleting it; False if `by` has done the same `act` before.
        Raises OwnerStays; WrongRole if the role has changed; NotAMember or DoneByAnother if they are gone.
        """
        if self.role == self.Role.OWNER:
            raise OwnerStays
        deleted, _ = Membership.objects.filter(pk=self.pk, role=self.role).delete()
        if deleted:
            return True
        if self.classroom.memberships.filter(user=self.user).exists():
            raise WrongRole
        try:
            self.classroom.events.get_repeated(act, by, **(fields or {"by_id": by.pk}))
        except Event.DoesNotExist:
            raise NotAMember from None
        return False

    def _change_role(self, act, by, old, new):
        with self.classroom.one_at_a_time(act, by) as classroom:
            row = Membership.objects.filter(pk=self.pk)
            if row.filter(role=old).update(role=new):
                notices.mark_read(classroom, [self.user])
                classroom.record(act, by, user=self.user)
                notices.role_changed(classroom, self.user, self.Role(new))
            elif not row.exists():
                raise NotAMember
            elif not row.filter(role=new).exists():
                raise WrongRole
        self.role = new
