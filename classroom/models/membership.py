from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from accounts.folding import InOrder, fold
from accounts.models import User
from classroom import notices
from classroom.exceptions import NotAMember, OwnerStays, TeachersOnly, WrongRole
from classroom.models.event import Door, Event
from classroom.models.kept_out import KeptOut
from classroom.rights import MANAGERS, MEMBER, OWNER, RIGHTS, rights_of


class MembershipQuerySet(models.QuerySet):
    def managers(self):
        """The owner and the co-teachers, without those whose account is closed (C6)."""
        return self.filter(role__in=MANAGERS, user__is_active=True)

    def owned_before(self, membership):
        """The places that the same person had as an owner before this one."""
        return self.filter(user=membership.user_id, role=OWNER, pk__lt=membership.pk)

    def plain(self):
        """Neither owner nor co-teacher."""
        return self.filter(role=MEMBER)

    def joined_since(self, since):
        """Those who joined at `since` (a datetime) or later, by Code or by Join URL; the latest first."""
        return self.filter(joined_at__gte=since).exclude(door=Door.OPENED).order_by("-joined_at", "-pk")

    def joined_with(self, code, since=None):
        """The plain members who joined with this Code (its letters), at `since` or later; the latest first."""
        joined = self.plain().filter(code=code).order_by("-joined_at", "-pk")
        return joined.filter(joined_at__gte=since) if since else joined

    def as_listed(self):
        """Sort: the owner, then the co-teachers, then the members, by last name regardless of case and accents (A7)."""
        return self._in_order("user__sort_name")

    def as_classmates_see(self):
        """Sort as as_listed() does, but by first name.

        Classmates see only first names and an initial, and an order by last name would give the last names away (A6).
        """
        return self._in_order("user__search_name")

    def _in_order(self, name):
        rank = models.Case(
            models.When(role="owner", then=0), models.When(role="co-teacher", then=1), default=2
        )
        return self.select_related("user").order_by(rank, InOrder(name), "pk")

    def seen_by(self, viewer):
        """Leave out the members that `viewer`, a Membership in this class, may not see.

        If the class hides its members, a student sees only the teachers and themselves (T91).
        """
        if viewer.user.is_teacher or not viewer.classroom.hides_members:
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


class Membership(models.Model):
    """A person's place in a class: their role, and how they joined (J9)."""

    class Role(models.TextChoices):
        OWNER = "owner", "Owner"
        CO_TEACHER = "co-teacher", "Co-teacher"
        MEMBER = "member", "Member"

    # A foreign key gets no index of its own where a composite index begins with it, here and in other models.
    classroom = models.ForeignKey(
        "classroom.Classroom", models.CASCADE, db_index=False, related_name="memberships"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role, default=Role.MEMBER)
    door = models.CharField(max_length=8, choices=Door)
    code = models.CharField(max_length=16, blank=True)
    joined_at = models.DateTimeField(db_default=Now())

    objects = MembershipQuerySet.as_manager()

    class Meta:
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
    def is_manager(self):
        return self.role in MANAGERS

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

    @property
    def shown_name(self):
        """The name that is shown to those who do not manage the class (A6)."""
        return self.user.full_name if self.user.is_teacher else self.user.short_name

    def can_be_removed_by(self, remover):
        """`remover` is a Membership. Only the owner can remove a co-teacher, and nobody can remove the owner (C2)."""
        right = "remove_member" if self.role == self.Role.MEMBER else "remove_co_teacher"
        return self.role != self.Role.OWNER and remover.role in RIGHTS[right]

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

        If the same manager does it again, nothing changes. Raises OwnerStays and NotAllowed. If the person is no longer
        a member, raises DoneByAnother if another manager removed them, else NotAMember.
        """
        right = "remove_co_teacher" if self.role == self.Role.CO_TEACHER else "remove_member"
        with self.classroom.one_at_a_time(right, by) as classroom:
            if not self._end(Event.Kind.REMOVE_MEMBER, by, user=self.user):
                return
            if keep_out:
                KeptOut.objects.get_or_create(classroom=classroom, user=self.user, defaults={"by": by})
                classroom.record(Event.Kind.KEEP_OUT, by, user=self.user)
            notices.removed(classroom, self.user)

    def leave(self):
        """End the membership on the member's own wish. The second time changes nothing.

        Raises OwnerStays, and NotAMember if they were removed in the meantime.
        """
        with self.classroom.one_at_a_time():
            self._end(Event.Kind.LEAVE_CLASS, self.user)

    def _end(self, act, by, **whom):
        """Delete the membership, if its role is still the one that was loaded. The caller has locked the class's row.

        Returns True after deleting it and recording `act` in the history; False if `by` has done the same act before.
        Raises OwnerStays; NotAMember or DoneByAnother if there is nothing to delete for another reason.
        """
        if self.role == self.Role.OWNER:
            raise OwnerStays
        deleted, _ = Membership.objects.filter(pk=self.pk, role=self.role).delete()
        if deleted:
            self._mark_notifications_read()
            self.classroom.record(act, by, **whom)
            return True
        if self.classroom.memberships.filter(user=self.user).exists():
            raise NotAMember
        try:
            self.classroom.events.get_repeated(act, by, **(whom or {"by_id": by.pk}))
        except Event.DoesNotExist:
            raise NotAMember from None
        return False

    def _mark_notifications_read(self):
        """Mark this person's notifications about the class as read, so that none is mailed any more.

        They were meant for the person's old role (T60).
        """
        self.user.notifications.filter(topic=self.classroom.public_id).mark_read()

    def _change_role(self, act, by, old, new):
        with self.classroom.one_at_a_time(act, by) as classroom:
            row = Membership.objects.filter(pk=self.pk)
            if row.filter(role=old).update(role=new):
                self._mark_notifications_read()
                classroom.record(act, by, user=self.user)
                notices.role_changed(classroom, self.user, self.Role(new))
            elif not row.exists():
                raise NotAMember
            elif not row.filter(role=new).exists():
                raise WrongRole
        self.role = new
