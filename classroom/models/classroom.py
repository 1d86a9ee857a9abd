from contextlib import contextmanager
from hashlib import sha256
from string import ascii_lowercase, digits
from typing import NamedTuple

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.crypto import get_random_string

from accounts import folding
from accounts.bulk import insert_together
from accounts.compiled import compiled, hold_both
from accounts.folding import FoldedField
from accounts.models import User
from classroom import exceptions, notices, signals
from classroom.models.event import Door, Event
from classroom.models.lock_wait import limited_lock_wait
from classroom.models.membership import NO_END, Membership
from classroom.models.role_check import check_right, role_for
from classroom.rights import CO_TEACHER, OWNER


def new_public_id():
    """Return 62 random bits as letters and digits. It needs no secrecy: knowing a class's address gives no right."""
    return get_random_string(12, ascii_lowercase + digits)


class ClassroomQuerySet(models.QuerySet):
    def update(self, **fields):
        """Update `sort_name` together with `name`: update() does not call pre_save(), which sets it on save()."""
        if "name" in fields:
            fields["sort_name"] = folding.sort_class_name(fields["name"])
        return super().update(**fields)

    def as_listed(self):
        """Sort by name, regardless of case and accents, and with "Maths 9" before "Maths 10" (A7)."""
        return self.order_by(folding.InOrder("sort_name"), "pk")

    def orphaned(self):
        """The classes whose owner can't log in, because the account is closed or erased (C6)."""
        acting = Membership.objects.filter(role=OWNER, user__is_active=True)
        return self.exclude(models.Exists(acting.filter(classroom=models.OuterRef("pk"))))

    def without_manager(self):
        """The classes that nobody looks after: neither the owner nor a co-teacher has an open account (C6)."""
        managers = Membership.objects.managers()
        return self.exclude(models.Exists(managers.filter(classroom=models.OuterRef("pk"))))

    def create_class(self, by, form_key=None, **fields):
        """Create a class owned by the teacher `by`, with its Code and Join URL, in one transaction (C1).

        `form_key` identifies the form that was sent. If the same form is sent twice, the second call returns the class
        that the first one created (J10). Raises TeachersOnly, AccountDeleted.
        """
        if not by.is_teacher:
            raise exceptions.TeachersOnly("Only a teacher's account can create a class.")
        with transaction.atomic():
            if not User.objects.hold_row(by):  # a second press of the same form waits here for the first
                raise exceptions.AccountDeleted
            if form_key and (before := self.filter(form_key=form_key).first()):
                if before.owner == by and all(
                    getattr(before, name) == value for name, value in fields.items()
                ):
                    return before
                form_key = None  # the teacher went back in the browser and wants another class
            classroom = self.create(**fields, form_key=form_key)
            Membership.objects.create(classroom=classroom, user=by, role=OWNER, door=Door.OPENED)
            classroom.record(Event.Kind.CREATE_CLASS, by)
            signals.created.send(Classroom, classroom=classroom, by=by)
        return classroom

    @contextmanager
    def one_joins_at_a_time(self, classroom_id, user, savepoint=True):
        """Do what Classroom.one_at_a_time() does, for a `user` who is about to join, or to ask.

        Their row is held too. So nobody can erase the account in the meantime (T93), and the same person can't ask to
        join another class at the same moment, which would go beyond their limit of requests (T33). An erasure holds
        these rows in the same order. `savepoint` is that of Django's atomic().

        Raises Classroom.DoesNotExist, AccountDeleted.
        """
        with transaction.atomic(savepoint=savepoint):
            with limited_lock_wait(classroom_id):
                classroom, person = hold_both((_class_with, classroom_id), (_person_with, user.pk))
            if classroom is None:
                raise Classroom.DoesNotExist
            if person is None:
                raise exceptions.AccountDeleted
            yield classroom


class Classroom(models.Model):
    """A class or a group. The same rules apply to both. Its Code, its Join URL and its queue are in `joins`."""

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

    public_id = models.CharField(
        max_length=12, unique=True, default=new_public_id, editable=False, verbose_name="id in the address"
    )
    name = models.CharField(max_length=100)
    sort_name = FoldedField(sources=["name"], compute=folding.sort_class_name)
    kind = models.CharField(max_length=5, choices=Kind, default=Kind.CLASS, verbose_name="class or group")
    subject = models.CharField(max_length=60, blank=True)
    grade = models.CharField(max_length=30, blank=True)
    colour = models.CharField(max_length=6, choices=Colour, default=Colour.GREEN)
    expected_size = models.PositiveSmallIntegerField(
        default=40, db_default=40, validators=[MinValueValidator(1), MaxValueValidator(5000)]
    )
    hides_members = models.BooleanField(default=False, db_default=False)
    note = models.TextField(blank=True, default="", db_default="")
    list_kept_at = models.DateTimeField(null=True, editable=False)  # the class list (L2), if it has one
    # Identifies the form that created the class, so that pressing its button twice doesn't create a second one (J10).
    form_key = models.UUIDField(null=True, unique=True, editable=False)
    created_at = models.DateTimeField(db_default=Now())
    archived_at = models.DateTimeField(null=True, blank=True)
    archived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ClassroomQuerySet.as_manager()

    class Meta:
        verbose_name = "class"
        verbose_name_plural = "classes"
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
    def note_version(self):
        """A short text that differs for every note."""
        return sha256(self.note.encode()).hexdigest()[:16]

    @property
    def is_archived(self):
        return self.archived_at is not None

    def member(self, username):
        """Return this person's Membership, with its user loaded. Raises NotAMember if they were in the class earlier.

        Otherwise Membership.DoesNotExist, so that nobody can find out which usernames exist (T11).
        """
        found = self.memberships.filter(user__username=username)
        member = found.with_role_now().select_related("user").first()
        if member is None and self.events.departures_of(username).exists():
            raise exceptions.NotAMember
        if member is None:
            raise Membership.DoesNotExist
        return member

    @property
    def owner(self):
        return User.objects.get(memberships__classroom=self, memberships__role=OWNER)

    def how_to_restore(self, manager):
        """Return the sentence that tells this manager how to get an archived class restored.

        The owner can restore it (C2), and so can an operator who is not in the class.
        """
        owner = self.owner
        is_operator = manager.is_staff and not self.memberships.filter(user=manager).exists()
        if owner == manager or is_operator:
            return "Restore it first."
        if owner.is_active:
            return f"Only its owner, {owner.full_name}, can restore it."
        return "Only its owner could restore it, whose account is closed. Ask your school's administrator."

    def managers(self):
        """Return the owner and the co-teachers as a list of users, the owner first, without closed accounts."""
        return [membership.user for membership in _managing.all(self.pk)]

    @contextmanager
    def one_at_a_time(self, right=None, by=None):
        """Hold the class's row, so that only one act at a time runs in this class. Yields the class, freshly loaded.

        A row is held (SELECT FOR UPDATE) until the transaction ends, so keep the block short: no mail, no network. Acts
        in other classes don't wait. To avoid deadlocks, hold this row before any other.

        With `right`, checks that the role of `by` still has this right (T09) once the row is held. An operator who is
        not in the class passes this check. The row with the role is held too: otherwise the query would see the role
        from before it waited for the class. Raises NotAllowed, TooManyActs, and Classroom.DoesNotExist if the class was
        deleted.
        """
        with transaction.atomic():
            with limited_lock_wait(self.pk):
                if right is not None:
                    classroom, member = hold_both((_class_with, self.pk), (role_for(right), self.pk, by.pk))
                else:
                    classroom = _class_with.for_update(self.pk)
            if classroom is None:
                raise Classroom.DoesNotExist
            if right is not None:
                check_right(right, member, by)
            yield classroom

    @property
    def half_again(self):
        return (self.expected_size + 1) // 2

    @property
    def most_members(self):
        """The number of plain members at which the Code locks itself: one and a half times expected_size (T30)."""
        return self.expected_size + self.half_again

    def check_not_archived(self, by):
        """Raise ArchivedFirst if the class is archived: its Code and Join URL can't be changed then (C4).

        The message tells the user `by` how to get the class restored.
        """
        if self.is_archived:
            raise exceptions.ArchivedFirst(self, by)

    def check_can_join(self, standing):
        """Raise the reason if a person can use neither Code nor Join URL of this class.

        Nobody is refused for having been removed (C5), only if they are blocked (Q7).
        `standing` has what standing_of() selects about the person. In this order: AlreadyMember, IsKeptOut,
        ClassArchived, DoorsShut (C4, C6, Q7).
        """
        if standing.membership_id:
            raise exceptions.AlreadyMember(self)
        if standing.kept_out_id:
            raise exceptions.IsKeptOut
        self.check_open(has_manager=standing.manager_id is not None)

    def check_open(self, has_manager=None):
        """Raise the reason if nobody can join by either door: ClassArchived, DoorsShut (C4, C6).

        If the caller knows already whether the class `has_manager`, that saves a query.
        """
        if self.is_archived:
            raise exceptions.ClassArchived(self)
        if has_manager is None:
            has_manager = self.memberships.managers().exists()
        if not has_manager:
            raise exceptions.DoorsShut(self)

    def now(self):
        """Return the database's time. No other clock decides when a Code locks (F21)."""
        return Classroom.objects.filter(pk=self.pk).values_list(Now(), flat=True).get()

    def record(self, kind, by, created=None, **about):
        """Add one act to the history. `by` is None if no person of this class did it, as when a Code locks itself.

        `created` is the Membership or the JoinRequest that the act creates, not saved yet: one statement writes both.
        """
        event = Event(classroom=self, kind=kind, by=by, **about)
        insert_together(*filter(None, [created, event]))

    def enroll(self, newcomers):
        """Make plain members of `newcomers`, which are (user, door, code) tuples. Skips those who are members already.

        Only measurements use it: bench/, and those that are made from outside. The caller holds the class's row.
        """
        Membership.objects.bulk_create(
            (Membership(classroom=self, user=user, door=door, code=code) for user, door, code in newcomers),
            ignore_conflicts=True,
        )

    def edit(self, by, **fields):
        """Save what differs from this class as it was loaded. `fields` are those of EditClassroomForm.

        The second time changes and records nothing. Raises ClassChanged if somebody has changed the same field since.
        """
        changed = {name: value for name, value in fields.items() if getattr(self, name) != value}
        with self.one_at_a_time("edit_class", by) as classroom:
            if any(getattr(classroom, name) != value for name, value in changed.items()):
                if any(getattr(classroom, name) != getattr(self, name) for name in changed):
                    raise exceptions.ClassChanged
                Classroom.objects.filter(pk=self.pk).update(**changed)
                classroom.record(Event.Kind.EDIT_CLASS, by)
        for name, value in changed.items():
            setattr(self, name, value)

    def change_note(self, by, note, version=None):
        """Save the note; an empty one removes it. The second time changes and records nothing (M1).

        `version` is the `note_version` that `by` saw. Raises NoteChanged if the note has another one by now, because
        `by` hasn't read what would be replaced. Without a version nothing is compared.
        """
        with self.one_at_a_time("change_note", by) as classroom:
            if classroom.note == note:
                return
            if version not in (None, classroom.note_version):
                changes = classroom.events.filter(kind=Event.Kind.CHANGE_NOTE).select_related("by")
                raise exceptions.NoteChanged(changes.newest_first().first(), by)
            Classroom.objects.filter(pk=self.pk).update(note=note)
            classroom.record(Event.Kind.CHANGE_NOTE, by)

    def export_roster(self, by):
        """Return an iterator over (first name, last name, shown username) of the members.

        The history records who exported the list (T72). Another export by the same person within a minute counts as a
        repeated press and adds no second entry.
        """
        with self.one_at_a_time("export_roster", by) as classroom:
            if not classroom.events.in_last_minute(Event.Kind.EXPORT_ROSTER, by).exists():
                classroom.record(Event.Kind.EXPORT_ROSTER, by)
        people = (member.user for member in self.memberships.as_listed().iterator())
        return ((user.first_name, user.last_name, user.shown_username) for user in people)

    def archive(self, by):
        """Stop the Code and the Join URL from working. Pending requests stay pending (C4).

        The second time changes nothing.
        """
        with self.one_at_a_time("archive_class", by) as classroom:
            if not classroom.is_archived:
                Classroom.objects.filter(pk=self.pk).update(archived_at=Now(), archived_by=by)
                classroom.record(Event.Kind.ARCHIVE_CLASS, by)

    def restore(self, by):
        """Let the Code and the Join URL work again, with the Code locked (C4). The second time changes nothing."""
        with self.one_at_a_time("restore_class", by) as classroom:
            if classroom.is_archived:
                Classroom.objects.filter(pk=self.pk).update(archived_at=None, archived_by=None)
                classroom.record(Event.Kind.RESTORE_CLASS, by)
                signals.restored.send(Classroom, classroom=classroom, by=by)

    def transfer(self, by, to):
        """Make the user `to`, a teacher who is in the class, its owner (C3). The owner `by` becomes a co-teacher.

        Raises NotAMember, TeachersOnly, NotAllowed.
        """
        if not to.is_teacher:
            raise exceptions.TeachersOnly("Only a teacher's account can own a class.")
        with self.one_at_a_time("transfer_class", by) as classroom:
            if not classroom.memberships.filter(user=to, user__is_active=True).exclude(role=OWNER).exists():
                raise exceptions.NotAMember
            classroom.memberships.filter(role=OWNER).update(role=CO_TEACHER)
            classroom.memberships.filter(user=to).update(role=OWNER, **NO_END)
            classroom.record(Event.Kind.TRANSFER_CLASS, by, user=to)
            notices.transferred(classroom, to, by)

    def delete_class(self, by):
        """Delete the class with its memberships, requests and history. Its Codes stay, retired, so none is reissued.

        Members and people with a pending request get a notification.
        """
        with self.one_at_a_time("delete_class", by) as classroom:
            signals.deleting.send(Classroom, classroom=classroom, by=by)
            notices.deleted(classroom, by)
            classroom.delete()


@compiled(Classroom)
def _class_with(pk):
    return Classroom.objects.filter(pk=pk)


@compiled(Membership)
def _managing(classroom_id):
    return Membership.objects.managers().filter(classroom=classroom_id).owner_first()


class Person(NamedTuple):
    pk: int


@compiled(Person)
def _person_with(pk):
    return User.objects.active().filter(pk=pk).values_list("pk")
