from contextlib import contextmanager
from datetime import timedelta
from string import ascii_lowercase, digits
from typing import NamedTuple

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.crypto import get_random_string

from accounts import folding
from accounts.models import Notification, User
from accounts.models.folded import FoldedField
from classroom import exceptions, signals
from classroom.models.compiled import compiled
from classroom.models.event import Door, Event
from classroom.models.kept_out import KeptOut
from classroom.models.membership import Membership
from classroom.models.patience import patience
from classroom.rights import CO_TEACHER, MEMBER, OWNER, RIGHTS


def new_public_id():
    """62 random bits. An address, not a key: it carries no right."""
    return get_random_string(12, ascii_lowercase + digits)


class ClassroomQuerySet(models.QuerySet):
    def update(self, **fields):
        """A class that is renamed here stands where its new name belongs."""
        if "name" in fields:
            fields["sort_name"] = folding.sort_class_name(fields["name"])
        return super().update(**fields)

    def as_listed(self):
        """By name, as people sort (A7)."""
        return self.order_by(folding.InOrder("sort_name"), "pk")

    def orphaned(self):
        """Those whose owner cannot act: the account is closed or erased (C6)."""
        acting = Membership.objects.filter(role=OWNER, user__is_active=True)
        return self.exclude(models.Exists(acting.filter(classroom=models.OuterRef("pk"))))

    def open_new(self, by, form_key=None, **fields):
        """Create a class owned by the teacher `by`, and its doors in the same transaction (C1).

        A second press of the same form, known by its key, returns the class that the first one has created (J10).
        Raises TeachersOnly, AccountDeleted.
        """
        if not by.is_teacher:
            raise exceptions.TeachersOnly("Only a teacher's account can create a class.")
        # Changed since: somebody went back and wants another class.
        same = self.filter(**fields, memberships__user=by, memberships__role=OWNER, form_key=form_key)
        if form_key and self.filter(form_key=form_key).exists():
            if classroom := same.first():
                return classroom
            form_key = None
        try:
            with transaction.atomic():
                if not User.objects.hold(by):
                    raise exceptions.AccountDeleted
                classroom = self.create(**fields, form_key=form_key)
                Membership.objects.create(classroom=classroom, user=by, role=OWNER, door=Door.OPENED)
                classroom.record(Event.Kind.OPEN_CLASS, by)
                signals.opened.send(Classroom, classroom=classroom, by=by)
        except IntegrityError:
            if form_key and self.filter(form_key=form_key).exists():  # the other of two presses was quicker
                return self.open_new(by, form_key, **fields)
            raise
        return classroom


class Classroom(models.Model):
    """A class or a group: the rules are the same."""

    class Kind(models.TextChoices):
        CLASS = "class", "Class"
        GROUP = "group", "Group"

    class Colour(models.TextChoices):
        GREEN = "green", "Green"
        TEAL = "teal", "Teal"
        BLUE = "blue", "Blue"
        PURPLE = "purple", "Purple"
        PLUM = "plum", "Plum"
        RED = "red", "Red"
        ORANGE = "orange", "Orange"
        SLATE = "slate", "Slate"

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    name = models.CharField(max_length=100)
    sort_name = FoldedField(of=["name"], made_by=folding.sort_class_name)
    kind = models.CharField(max_length=5, choices=Kind, default=Kind.CLASS)
    subject = models.CharField(max_length=60, blank=True)
    grade = models.CharField(max_length=30, blank=True)
    colour = models.CharField(max_length=6, choices=Colour, default=Colour.GREEN)
    expected_size = models.PositiveSmallIntegerField(
        default=40, db_default=40, validators=[MinValueValidator(1), MaxValueValidator(5000)]
    )
    hides_members = models.BooleanField(default=False, db_default=False)
    # Of the form that created it: pressed twice, it creates no second class (J10).
    form_key = models.UUIDField(null=True, unique=True, editable=False)
    created_at = models.DateTimeField(db_default=Now())
    archived_at = models.DateTimeField(null=True, blank=True)
    archived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ClassroomQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(archived_at=None, archived_by=None)
                | models.Q(archived_at__isnull=False, archived_by__isnull=False),
                name="classroom_archived_at_and_by",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["class", "group"]), name="classroom_kind_known"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def path(self):
        return reverse("classroom:class_page", args=[self.public_id])

    @property
    def is_archived(self):
        return self.archived_at is not None

    def member(self, username):
        """Return this person's Membership, its user loaded.

        Raises NotAMember for who has been in and has gone, and Membership.DoesNotExist for everybody else (T11).
        """
        member = self.memberships.select_related("user").filter(user__username=username).first()
        if member is None and self.events.of_going(username).exists():
            raise exceptions.NotAMember
        if member is None:
            raise Membership.DoesNotExist
        return member

    @property
    def owner(self):
        return User.objects.get(memberships__classroom=self, memberships__role=OWNER)

    def how_to_restore(self, manager):
        """What this manager is told about an archived class: its owner restores it (C2), or an operator not in it."""
        owner = self.owner
        is_operator = manager.is_staff and not self.memberships.filter(user=manager).exists()
        if owner == manager or is_operator:
            return "Restore it first."
        if owner.is_active:
            return f"Only its owner, {owner.full_name}, can restore it."
        return "Only its owner could restore it, whose account is closed. Ask your school's administrator."

    def managers(self):
        """The users who answer the door, the owner first."""
        managing = self.memberships.managers().select_related("user").order_by("-role", "pk")
        return [membership.user for membership in managing]

    @contextmanager
    def one_at_a_time(self, right=None, by=None):
        """Let one act run at a time in this class; other classes do not wait. Yields the class as it is now.

        Holds the class's row until the transaction ends, so keep the block short: no mail, no network. Always the first
        row taken (no deadlocks). With `right`, the role of `by` is read again under the lock (T09); an operator who is
        not in the class passes. Raises NotAllowed, and Classroom.DoesNotExist if it was deleted meanwhile.
        """
        with transaction.atomic():
            with patience(self.pk):
                classroom = Classroom.objects.select_for_update(no_key=True).get(pk=self.pk)
            if right is not None:
                role = classroom.memberships.filter(user=by).values_list("role", flat=True).first()
                if role not in RIGHTS[right] and not (role is None and by.is_staff):
                    raise exceptions.NotAllowed
            yield classroom

    @property
    def half_again(self):
        return (self.expected_size + 1) // 2

    @property
    def most_members(self):
        """With so many plain members the Code locks itself: half as many again as expected (T30)."""
        return self.expected_size + self.half_again

    def demand_open(self, by):
        """Raises ArchivedFirst: neither door is touched while the class is archived (C4). `by` reads the sentence."""
        if self.is_archived:
            raise exceptions.ArchivedFirst(self, by)

    def demand_door(self, user, hold=False):
        """Raises what keeps `user` from either door: AlreadyMember, ClassArchived, KeptOut, DoorsShut (C4, C6, Q7).

        A caller that adds the person to the class says `hold`, so that before the transaction ends nobody erases them
        (T93), and they ask at no other door, which would not be counted (T33). It has locked the class's row already,
        as an erasure does. Raises AccountDeleted.
        """
        standing = (_standing_of.held if hold else _standing_of)(self.pk, user.pk)
        if standing is None:
            raise exceptions.AccountDeleted
        if standing.membership:
            raise exceptions.AlreadyMember(self)
        if standing.kept_out:
            raise exceptions.KeptOut
        if self.is_archived:
            raise exceptions.ClassArchived
        if not standing.manager:
            raise exceptions.DoorsShut

    def now(self):
        """The database's clock: the only one that decides when a Code locks (F21)."""
        return Classroom.objects.filter(pk=self.pk).values_list(Now(), flat=True).get()

    def record(self, kind, by, **about):
        """Add one act to the history; `by` None is the clock."""
        return Event.objects.create(classroom=self, kind=kind, by=by, **about)

    def enroll(self, arrivals):
        """Make members of (user, door, code) triples; who is one already stays so. The caller holds the class's row."""
        Membership.objects.bulk_create(
            (Membership(classroom=self, user=user, door=door, code=code) for user, door, code in arrivals),
            ignore_conflicts=True,
        )

    def edit(self, by, **fields):
        """`fields` as from the form: name, kind, subject, grade, colour, expected_size, hides_members.

        The second time changes nothing.
        """
        with self.one_at_a_time("edit_class", by) as classroom:
            if any(getattr(classroom, name) != value for name, value in fields.items()):
                Classroom.objects.filter(pk=self.pk).update(**fields)
                classroom.record(Event.Kind.EDIT_CLASS, by)

    def export_roster(self, by):
        """Return the names and usernames of its members; who took them stands in the history (T72), once a press."""
        with self.one_at_a_time("export_roster", by) as classroom:
            if not classroom.events.just_now(Event.Kind.EXPORT_ROSTER, by).exists():
                classroom.record(Event.Kind.EXPORT_ROSTER, by)
        people = self.memberships.as_listed()
        return people.values_list("user__first_name", "user__last_name", "user__username").iterator()

    def archive(self, by):
        """Shut both doors; pending requests stay as they are (C4). The second time changes nothing."""
        with self.one_at_a_time("archive_class", by) as classroom:
            if not classroom.is_archived:
                Classroom.objects.filter(pk=self.pk).update(archived_at=Now(), archived_by=by)
                classroom.record(Event.Kind.ARCHIVE_CLASS, by)

    def restore(self, by):
        """Open the doors again, the Code locked (C4). The second time changes nothing."""
        with self.one_at_a_time("restore_class", by) as classroom:
            if classroom.is_archived:
                Classroom.objects.filter(pk=self.pk).update(archived_at=None, archived_by=None)
                classroom.record(Event.Kind.RESTORE_CLASS, by)
                signals.restored.send(Classroom, classroom=classroom, by=by)

    def transfer(self, by, to):
        """Hand the class over to the user `to`, a teacher and member (C3); `by` becomes co-teacher.

        Raises NotAMember, TeachersOnly, NotAllowed.
        """
        if not to.is_teacher:
            raise exceptions.TeachersOnly("Only a teacher's account can own a class.")
        with self.one_at_a_time("transfer_class", by) as classroom:
            if not classroom.memberships.filter(user=to, user__is_active=True).exclude(role=OWNER).exists():
                raise exceptions.NotAMember
            classroom.memberships.filter(role=OWNER).update(role=CO_TEACHER)
            classroom.memberships.filter(user=to).update(role=OWNER)
            classroom.record(Event.Kind.TRANSFER_CLASS, by, user=to)
            text = f"{by.full_name} has handed {classroom.name} over to you: you own it now."
            Notification.objects.notify(
                [to], text=text, link=classroom.path, topic=classroom.public_id, mentions=by
            )

    def hand_over(self, to, by=None):
        """Give a class whose owner cannot act to the teacher `to`, who need not be in it (C6; ADR 24).

        An operator does it; at the command line `by` is None. The owner before is a plain member from then
        on, so that no more comes back with a reopened account than somebody gives. The second time changes nothing.
        Raises HasOwner, TeachersOnly, CannotOwn, NotAllowed.
        """
        if by and not by.is_staff:
            raise exceptions.NotAllowed
        with self.one_at_a_time() as classroom:
            if not Classroom.objects.orphaned().filter(pk=self.pk).exists():
                if classroom._is_handed_over(to, by):
                    return
                raise exceptions.HasOwner(classroom)
            classroom._demand_heir(to)
            classroom._retire_owner()
            classroom.memberships.update_or_create(
                user=to, defaults={"role": OWNER}, create_defaults={"role": OWNER, "door": Door.OPENED}
            )
            classroom.record(Event.Kind.TRANSFER_CLASS, by, user=to)
            signals.handed_over.send(Classroom, classroom=classroom, to=to)
            classroom._tell_of_new_owner(to, by)

    def _is_handed_over(self, to, by):
        """Whether this very act has been done before: the latest of its kind is this operator's, to this person."""
        last = self.events.filter(kind=Event.Kind.TRANSFER_CLASS).newest_first().first()
        return last is not None and (last.by, last.user, self.owner) == (by, to, to)

    def _demand_heir(self, to):
        """Raises why the user `to` cannot own this class. Holds their row, so that nobody erases them meanwhile."""
        if not to.is_teacher:
            raise exceptions.TeachersOnly("Only a teacher's account can own a class.")
        if not User.objects.active().hold(to):
            raise exceptions.CannotOwn("This account is closed, so it can't own a class.")
        if not to.can_log_in:
            raise exceptions.CannotOwn(
                "This person has not verified their email address yet. Nobody can say whose account it is."
            )
        if self.kept_out.filter(user=to).exists():
            raise exceptions.CannotOwn("This person is blocked in this class, so they can't own it.")

    def _retire_owner(self):
        """An erased owner leaves: until now a row stood for them, because a class has one owner."""
        owned = self.memberships.filter(role=OWNER)
        told = Notification.objects.filter(user__in=owned.values("user"), topic=self.public_id)
        told.mark_read()
        owned.exclude(user__erased_at=None).delete()
        owned.update(role=MEMBER)

    def _tell_of_new_owner(self, to, by):
        about = {"link": self.path, "topic": self.public_id}
        giver = by.full_name if by else "The administrator of this site"
        text = f"{giver} has handed {self.name} over to you: you own it now."
        mentions = by if by != to else None
        Notification.objects.notify([to], text=text, mentions=mentions, mail_after=timedelta(), **about)
        others = [manager for manager in self.managers() if manager != to]
        text = f"{to.full_name} owns {self.name} now: the owner before has left."
        Notification.objects.notify(others, text=text, mentions=to, **about)

    def delete_class(self, by):
        """Delete it with its members, Codes, requests and history. Members and who waits are told."""
        with self.one_at_a_time("delete_class", by) as classroom:
            signals.deleting.send(Classroom, classroom=classroom, by=by)
            members = User.objects.filter(memberships__classroom=classroom).exclude(pk=by.pk)
            text = f"{classroom.name} has been deleted by {by.full_name}."
            Notification.objects.notify(members, text=text, link="/", topic=classroom.public_id, mentions=by)
            classroom.delete()


class Standing(NamedTuple):
    """What decides whether a person may pass the doors of a class; each is a row's number, or None."""

    membership: int | None
    kept_out: int | None
    manager: int | None  # any manager of the class


@compiled(Standing)
def _standing_of(classroom, user):
    """None if the user has been erased."""
    there = Membership.objects.filter(classroom=classroom)
    return (
        User.objects.named()
        .filter(pk=user)
        .values_list(
            models.Subquery(there.filter(user=user).values("pk")),
            models.Subquery(KeptOut.objects.filter(classroom=classroom, user=user).values("pk")),
            models.Subquery(there.managers().order_by().values("pk")[:1]),
        )
    )
