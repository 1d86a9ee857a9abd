from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from classroom import notices
from classroom.exceptions import NotAMember, OwnerStays, TeachersOnly, WrongRole
from classroom.models.event import Door, Event
from classroom.models.kept_out import KeptOut
from classroom.models.listed_members import Placed
from classroom.models.membership_queryset import MembershipQuerySet
from classroom.rights import CO_TEACHER, MEMBER, OWNER, rights_of


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
        self._change_role("make_co_teacher", by, MEMBER, CO_TEACHER)

    def make_member(self, by):
        """Make this co-teacher a plain member again. Does nothing if they are one already.

        Raises NotAMember, and WrongRole if they are the owner.
        """
        self._change_role("make_member", by, CO_TEACHER, MEMBER)

    def remove(self, by, keep_out):
        """End the membership; with `keep_out`, also block the person, so that they can't join again (Q7).

        If the same manager does it again, nothing changes. Raises OwnerStays, NotAllowed, and WrongRole if their role
        has changed. If they are no longer a member, raises DoneByAnother if another manager removed them, else
        NotAMember.
        """
        with self.classroom.one_at_a_time(self.right_to_remove, by) as classroom:
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
        if self.role == OWNER:
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


def finish_removal(classroom, users, by, keep_out):
    """Do what follows when a manager has removed `users` from the class; with `keep_out`, also block them (Q7).

    The number of statements is the same, however many they are. The caller holds the class's row.
    """
    notices.mark_read(classroom, users)
    kinds = [Event.Kind.REMOVE_MEMBER]
    if keep_out:
        KeptOut.objects.block(classroom, users, by)
        kinds.append(Event.Kind.KEEP_OUT)
    Event.objects.bulk_create(
        Event(classroom=classroom, kind=kind, by=by, user=user) for user in users for kind in kinds
    )
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
