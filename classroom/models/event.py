from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.formats import localize
from django.utils.timezone import localtime

from accounts.bulk import Insertion
from accounts.times import long_last_day
from classroom import history
from classroom.exceptions import DoneByAnother

SECOND_PRESS_WITHIN = timedelta(minutes=1)  # a later press is an act of its own (J10)


class Door(models.TextChoices):
    """The way in which somebody joined a class, or asked to join it."""

    OPENED = "opened", "Opened the class"  # or was given a role in it: by an operator, a copy, an invitation
    CODE = "code", "Code"
    JOIN_URL = "join-url", "Join URL"
    SLIP = "slip", "Slip"  # a personal Code on paper (L4)


class EventQuerySet(models.QuerySet):
    def recording(self, rows, **values):
        """Return the Insertion that adds one act to the history for each row of a queryset.

        It returns (pk of the user, pk of the Event) for each.
        """
        return Insertion(rows, self.model, values, returning=("user_id", "id"))

    def newest_first(self):
        return self.order_by("-at", "-pk")

    def in_last_day(self, by):
        return self.filter(by=by, at__gt=Now() - timedelta(days=1))

    def in_last_minute(self, kind, by, **fields):
        """Filter by the acts of this kind in the last minute: another press within it repeats the first one (J10)."""
        return self.filter(kind=kind, by=by, at__gte=Now() - SECOND_PRESS_WITHIN, **fields)

    def get_repeated(self, kind, by, **fields):
        """Return the latest act of this kind, if `by` did it: then this press only repeats it (J10).

        Call it only if there is nothing left to do. Raises DoneByAnother if somebody else did the act (Q3), and
        Event.DoesNotExist if nobody did.
        """
        event = self.filter(kind=kind, **fields).select_related("by", "user").latest("at", "pk")
        if event.by != by:
            raise DoneByAnother(event)
        return event

    def departures_of(self, username):
        """Filter by the acts that ended this person's membership.

        They left, or were removed or moved to the queue, or the account was put together with another one.
        """
        left = models.Q(kind=Event.Kind.LEAVE_CLASS, by__username=username)
        taken_out = [Event.Kind.REMOVE_MEMBER, Event.Kind.MOVE_TO_QUEUE, Event.Kind.FOLD_ACCOUNT]
        return self.filter(left | models.Q(kind__in=taken_out, user__username=username))

    def latest_place_changes(self, user_ids):
        """Return a dict: user's pk -> the latest of this person's place_changes_of(), with its people."""
        by_or_about = models.Q(by__in=user_ids, user=None) | models.Q(user__in=user_ids)
        changes = self.filter(by_or_about, kind__in=Event.PLACE_CHANGES).select_related("by", "user")
        return {event.user_id or event.by_id: event for event in changes.order_by("pk")}

    def place_changed_since(self, seen):
        """Return a Q for rows with a `user` whose place in the class has changed after the Event `seen` (a pk).

        Acts in a class run one at a time, so everything that happened in it later has a higher pk.
        """
        changes = self.filter(kind__in=Event.PLACE_CHANGES, pk__gt=seen)
        by, user = changes.exclude(by=None).values("by"), changes.exclude(user=None).values("user")
        return models.Q(user__in=by) | models.Q(user__in=user)

    def place_changes_of(self, user):
        """Filter by the acts that changed this person's place: in the class, in its queue, as its co-teacher or owner.

        What they did to others as a manager is left out. Sort by pk: acts in a class run one at a time, but
        PostgreSQL's clock for an act stops when it begins to wait.
        """
        by_or_about = models.Q(by=user, user=None) | models.Q(user=user)
        return self.filter(by_or_about, kind__in=Event.PLACE_CHANGES).order_by("pk")


# What an Event keeps of a membership that its act has ended.
PLACE = ["role", "door", "code", "joined_at", "co_teacher_until"]


class Event(models.Model):
    """One act in a class. All of a class's events together are its history (K9, J9, Q8).

    An event is written in the same transaction as its act, and never changed afterwards.

    How one is written: Classroom.record() for one act in one class, objects.recording() for each row of a query
    (ADR 15), and bulk_create() for a few acts in several classes.
    """

    class Kind(models.TextChoices):
        """Its labels are names of acts, for lists of the administration. The sentences are in history.py."""

        # Its value, like that of MOVE_TO_QUEUE, is from the first release and stands in every history since.
        CREATE_CLASS = "open_class", "Create the class"
        EDIT_CLASS = "edit_class", "Edit the class"
        CHANGE_NOTE = "change_note", "Change the note"
        KEEP_LIST = "keep_list", "Keep a class list"
        FORGET_LIST = "forget_list", "Delete the class list"
        MAKE_SLIPS = "make_slips", "Make slips"
        CANCEL_SLIPS = "cancel_slips", "Cancel slips"
        ARCHIVE_CLASS = "archive_class", "Archive the class"
        RESTORE_CLASS = "restore_class", "Restore the class"
        TRANSFER_CLASS = "transfer_class", "Hand over the class"
        MAKE_CO_TEACHER = "make_co_teacher", "Give co-teacher rights"
        INVITE_CO_TEACHER = "invite_co_teacher", "Invite a co-teacher by email"
        CANCEL_INVITATION = "cancel_invitation", "Cancel an invitation"
        ACCEPT_INVITATION = "accept_invitation", "Accept an invitation"
        MAKE_MEMBER = "make_member", "Take co-teacher rights"
        END_CO_TEACHER = "end_co_teacher", "End of co-teacher rights"
        MOVE_TO_QUEUE = "set_aside", "Move to the queue"
        REMOVE_MEMBER = "remove_member", "Remove a member"
        UNDO_REMOVAL = "undo_removal", "Undo a removal"
        KEEP_OUT = "keep_out", "Block a person"
        LET_BACK = "let_back", "Unblock a person"
        CHANGE_NAME = "change_name", "Change one's own name"
        CORRECT_NAME = "correct_name", "Correct a name"
        FOLD_ACCOUNT = "fold_account", "Put two accounts together"
        UNDO_FOLD = "undo_fold", "Take two accounts apart"
        GIVE_PASSWORD = "give_password", "Give a one-time password"
        EXPORT_ROSTER = "export_roster", "Export the member list"
        LEAVE_CLASS = "leave_class", "Leave the class"
        LOCK_CODE = "lock_code", "Lock the Code"
        LOCK_CODE_AT = "lock_code_at", "Choose when the Code locks"
        LOCK_CROWDED_CODE = "lock_crowded_code", "Lock the Code of a crowded class"
        LOCK_ALL_CODES = "lock_all_codes", "Lock every Code"
        REPORT_LEAK = "report_leak", "Report a leaked Code"
        UNLOCK_CODE = "unlock_code", "Unlock the Code"
        RESET_CODE = "reset_code", "Reset the Code"
        PAUSE_JOIN_URL = "pause_join_url", "Pause the Join URL"
        RESUME_JOIN_URL = "resume_join_url", "Resume the Join URL"
        JOIN = "join", "Join"
        ASK = "ask", "Ask to join"
        APPROVE_REQUEST = "approve_request", "Let in"
        DENY_REQUEST = "deny_request", "Say no"
        UNDO_APPROVAL = "undo_approval", "Undo letting in"
        UNDO_DENIAL = "undo_denial", "Undo saying no"
        WITHDRAW_REQUEST = "withdraw_request", "Cancel one's own request"

    PLACE_CHANGES = [
        Kind.JOIN,
        Kind.ASK,
        Kind.WITHDRAW_REQUEST,
        Kind.APPROVE_REQUEST,
        Kind.DENY_REQUEST,
        Kind.UNDO_APPROVAL,
        Kind.UNDO_DENIAL,
        Kind.LEAVE_CLASS,
        Kind.REMOVE_MEMBER,
        Kind.UNDO_REMOVAL,
        Kind.MOVE_TO_QUEUE,
        Kind.FOLD_ACCOUNT,
        Kind.UNDO_FOLD,
        Kind.MAKE_CO_TEACHER,
        Kind.ACCEPT_INVITATION,
        Kind.MAKE_MEMBER,
        Kind.END_CO_TEACHER,
        Kind.TRANSFER_CLASS,
    ]

    classroom = models.ForeignKey(
        "classroom.Classroom", models.CASCADE, db_index=False, related_name="events", verbose_name="class"
    )
    kind = models.CharField(max_length=20, choices=Kind, verbose_name="act")
    # The person who did it. Empty if the clock or an operator did it, or a teacher of another class: see
    # history.py.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="events_caused",
        verbose_name="done by",
    )
    # The person that the act is about, if that is somebody other than `by`.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="events_met",
        verbose_name="about",
    )
    door = models.CharField(max_length=8, choices=Door, blank=True, verbose_name="joined with")
    # No two Codes ever have the same letters (K4), so the letters are enough to identify one, here and in Membership.
    code = models.CharField(max_length=16, blank=True)
    # With door and code, the rest of the membership that the act has ended, so that an undo can give it back (Q9). Or
    # until when it made somebody co-teacher.
    role = models.CharField(max_length=10, blank=True, default="", db_default="")
    joined_at = models.DateTimeField(null=True, blank=True)
    co_teacher_until = models.DateTimeField(null=True, blank=True)
    # The old and the new name, if the act changed a name. Empty again once the person's account is erased.
    rename = models.ForeignKey(
        "accounts.Rename", models.SET_NULL, null=True, blank=True, db_index=False, related_name="+"
    )
    at = models.DateTimeField(db_default=Now(), verbose_name="done at")

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = "history entry"
        verbose_name_plural = "history entries"
        indexes = [
            models.Index(fields=["classroom", "-at", "-id"], name="events_of_a_class"),
            models.Index(fields=["by", "at"], name="events_by_a_person"),
            models.Index(
                fields=["rename"], condition=models.Q(rename__isnull=False), name="events_of_a_rename"
            ),
        ]

    def __str__(self):
        return f"{self.sentence} ({localize(localtime(self.at))})"

    @property
    def sentence(self):
        return history.say(self.kind, self.door, self._facts)

    @property
    def drawn_sentence(self):
        """The sentence as HTML. The history page loads its people, its change of a name, and `slip_name`."""
        return history.draw(self.kind, self.door, self._facts)

    @property
    def _facts(self):
        """What the sentence may name: only what there is.

        Names are those of today, so that an erased person is named by a number (ADR 17).
        """
        facts = {
            "by": self.by and self.by.full_name,
            "user": self.user and self.user.full_name,
            "until": self._until,
            "slip_name": getattr(self, "slip_name", ""),
        }
        if self.rename:
            facts |= {"old_name": self.rename.old, "new_name": self.rename.new}
        if self.closes_account:
            facts["username"] = self.user.shown_username
        return {name: fact for name, fact in facts.items() if fact}

    @property
    def closes_account(self):
        """Whether the act closed an account, and its page still shows which one."""
        return self.kind == self.Kind.FOLD_ACCOUNT and not self.user.erased_at

    @property
    def _until(self):
        if self.kind != self.Kind.MAKE_CO_TEACHER or self.co_teacher_until is None:
            return ""
        return long_last_day(self.co_teacher_until)
