from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from classroom import notices
from classroom.exceptions import NotAMember, OwnerStays, TeachersOnly, WrongRole
from classroom.models.event import PLACE, Door, Event
from classroom.models.kept_out import KeptOut
from classroom.models.membership_queryset import WARN_CO_TEACHER_BEFORE, MembershipQuerySet
from classroom.models.shown_members import Placed
from classroom.rights import CO_TEACHER, MEMBER, OWNER, RIGHTS

# For update(), if somebody gets another role.
NO_END = {"co_teacher_until": None, "co_teacher_warned_at": None}


class Membership(Placed, models.Model):
    """A person's place in a class: their role, and how they joined (J9)."""

    class Role(models.TextChoices):
        OWNER = OWNER, "Owner"
        CO_TEACHER = CO_TEACHER, "Co-teacher"
        MEMBER = MEMBER, "Member"

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
    role = models.CharField(max_length=10, choices=Role, default=MEMBER)
    door = models.CharField(max_length=8, choices=Door, verbose_name="joined with")
    code = models.CharField(max_length=16, blank=True)
    joined_at = models.DateTimeField(db_default=Now())
    co_teacher_until = models.DateTimeField(null=True, blank=True)  # empty: for good
    co_teacher_warned_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "member"
        verbose_name_plural = "members"
        constraints = [
            models.UniqueConstraint(fields=["classroom", "user"], name="one_membership"),
            models.UniqueConstraint(fields=["classroom"], condition=models.Q(role=OWNER), name="one_owner"),
            models.CheckConstraint(
                condition=models.Q(role__in=[OWNER, CO_TEACHER, MEMBER]), name="membership_role_known"
            ),
            models.CheckConstraint(
                condition=models.Q(door__in=["code", "slip"]) ^ models.Q(code=""),
                name="membership_by_code_names_it",
            ),
        ]
        indexes = [
            models.Index(
                fields=["co_teacher_until"],
                condition=models.Q(co_teacher_until__isnull=False),
                name="co_teachers_to_end",
            ),
        ]

    def __str__(self):
        return f"{self.user} in {self.classroom}"

    def _set_role_now(self, role):
        self.role = role

    role_now = property(fset=_set_role_now)  # what with_role_now() selects becomes the role

    @property
    def place(self):
        """What an Event keeps, as keyword arguments, if its act ends this membership."""
        return {name: getattr(self, name) for name in PLACE} | {"co_teacher_until": self.ends_as_co_teacher}

    @classmethod
    def given_back(cls, event):
        """Return the membership that this Event has ended, not saved yet."""
        place = {name: getattr(event, name) for name in PLACE}
        return cls(classroom=event.classroom, user=event.user, **place)

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
        return {right for right, roles in RIGHTS.items() if self.role in roles}

    @property
    def how_to_restore(self):
        return self.classroom.how_to_restore(self.user)

    def check_can_be_co_teacher(self):
        """Raise TeachersOnly for a student's account (C3), and WrongRole for the owner."""
        if not self.user.is_teacher:
            raise TeachersOnly("Only a teacher's account can become co-teacher.")
        if self.role == OWNER:
            raise WrongRole

    def make_co_teacher(self, by, until=None):
        """Make this person co-teacher until a moment, or for good. Does nothing if they are that already.

        Raises TeachersOnly, NotAMember, WrongRole.
        """
        self.check_can_be_co_teacher()
        with self.classroom.one_at_a_time("make_co_teacher", by) as classroom:
            row = Membership.objects.filter(pk=self.pk)
            place = row.with_role_now().first()
            if place is None:
                raise NotAMember
            if place.role == OWNER:
                raise WrongRole
            if (place.role, place.co_teacher_until) != (CO_TEACHER, until):
                if place.role == MEMBER:
                    notices.mark_read(classroom, [self.user])
                row.update(role=CO_TEACHER, co_teacher_until=until, co_teacher_warned_at=_warned_at(until))
                classroom.record(Event.Kind.MAKE_CO_TEACHER, by, user=self.user, co_teacher_until=until)
                notices.made_co_teacher(classroom, self.user, until)
        self.role, self.co_teacher_until = CO_TEACHER, until

    def make_member(self, by):
        """Make this co-teacher a plain member again. Does nothing if they are one already.

        Raises NotAMember, and WrongRole if they are the owner.
        """
        with self.classroom.one_at_a_time("make_member", by) as classroom:
            row = Membership.objects.filter(pk=self.pk)
            if row.filter(role=CO_TEACHER).update(role=MEMBER, **NO_END):
                notices.mark_read(classroom, [self.user])
                classroom.record(Event.Kind.MAKE_MEMBER, by, user=self.user)
                notices.made_member(classroom, self.user)
            elif not row.exists():
                raise NotAMember
            elif not row.filter(role=MEMBER).exists():
                raise WrongRole
        self.role = MEMBER

    def remove(self, by, keep_out):
        """End the membership; with `keep_out`, also block the person, so that they can't join again (Q7).

        If the same manager does it again, nothing changes. Raises OwnerStays, NotAllowed, and WrongRole if their role
        has changed. If they are no longer a member, raises DoneByAnother if another manager removed them, else
        NotAMember.
        """
        with self.classroom.one_at_a_time(self.right_to_remove, by) as classroom:
            if self._delete(Event.Kind.REMOVE_MEMBER, by, user=self.user):
                finish_removal(classroom, [self], by, keep_out)

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
        if self.role == OWNER:
            raise OwnerStays
        deleted, _ = Membership.objects.with_role_now().filter(pk=self.pk, role_now=self.role).delete()
        if deleted:
            return True
        if self.classroom.memberships.filter(user=self.user).exists():
            raise WrongRole
        try:
            self.classroom.events.get_repeated(act, by, **(fields or {"by_id": by.pk}))
        except Event.DoesNotExist:
            raise NotAMember from None
        return False


def _warned_at(until):
    """Return co_teacher_warned_at for rights until this moment: nobody is told a day before of what is over sooner."""
    is_short = models.Q(models.lookups.LessThanOrEqual(models.Value(until), Now() + WARN_CO_TEACHER_BEFORE))
    return models.Case(models.When(is_short, then=Now())) if until else None


def finish_removal(classroom, gone, by, keep_out):
    """Do what follows when a manager has removed the members `gone`; with `keep_out`, also block them (Q7).

    The number of statements is the same, however many they are. The caller holds the class's row.
    """
    users = [member.user for member in gone]
    notices.mark_read(classroom, users)
    act = {"classroom": classroom, "by": by}
    Event.objects.bulk_create(
        Event(kind=Event.Kind.REMOVE_MEMBER, user=member.user, **act, **member.place) for member in gone
    )
    if keep_out:
        KeptOut.objects.block(classroom, users, by)
        Event.objects.bulk_create(Event(kind=Event.Kind.KEEP_OUT, user=user, **act) for user in users)
    notices.removed(classroom, users)


def block_leavers(classroom, user_ids, by):
    """Block those of these people who left, or cancelled their request, and did nothing since.

    Nobody escapes a block by doing so just before (T08). Returns the users, also those that an earlier press has
    blocked. People who have deleted their account are left out: they can't come back. The caller holds the class's
    row.
    """
    changes = classroom.events.latest_place_changes(user_ids).values()
    by_themselves = (Event.Kind.LEAVE_CLASS, Event.Kind.WITHDRAW_REQUEST)
    left = [event.by for event in changes if event.kind in by_themselves]
    leavers = [user for user in left if not user.erased_at]
    blocked = set(classroom.kept_out.filter(user__in=leavers).values_list("user", flat=True))
    new = [user for user in leavers if user.pk not in blocked]
    KeptOut.objects.block(classroom, new, by)
    Event.objects.bulk_create(
        Event(classroom=classroom, kind=Event.Kind.KEEP_OUT, by=by, user=user) for user in new
    )
    return leavers
