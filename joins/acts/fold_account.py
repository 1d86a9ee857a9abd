"""Putting two accounts of one student together: the newer one is closed, if it is used nowhere else (L5; ADR 33)."""

from typing import NamedTuple

from django.db.models import Q
from django.db.models.functions import Now

from accounts import folding
from accounts.models import User
from classroom import notices as class_notices
from classroom.models import Event, Membership
from classroom.same_name import exact
from classroom.undoable import UNDO_WITHIN
from joins import notices, twins
from joins.acts.undo import reopen_notifications, wait_again
from joins.exceptions import CannotFold
from joins.models import JoinRequest, SignUp
from joins.models.join_request import close_request
from joins.times import format_span

FOLD, UNDO = Event.Kind.FOLD_ACCOUNT, Event.Kind.UNDO_FOLD


class Duplicate(NamedTuple):
    """A student's account in a class, and what becomes of it if it is put together with the older one."""

    user: User
    membership: Membership | None
    join_request: JoinRequest | None  # that waits
    older: User | None  # the account of the same name that stays
    why_not: str  # why they can't be put together; empty if they can

    @property
    def is_here(self):
        return bool(self.membership or self.join_request)


def find(classroom, username):
    """Return this person. They are in the class, or wait, or had two accounts here that were put together.

    Raises what classroom.member() raises, so that nobody can find out which usernames exist (T11).
    """
    waiting = classroom.join_requests.pending().values("user")
    folded = classroom.events.filter(kind=FOLD).values("user")
    here = Q(pk__in=classroom.memberships.values("user")) | Q(pk__in=waiting) | Q(pk__in=folded)
    return User.objects.filter(here, username=username).first() or classroom.member(username).user


def read(classroom, user):
    """Return the Duplicate of this person in the class."""
    here = {"classroom": classroom}
    membership = Membership.objects.filter(**here, user=user).first()
    join_request = JoinRequest.objects.pending().filter(**here, user=user).first()
    older = _older(classroom, user)
    return Duplicate(user, membership, join_request, older, _why_not(classroom, user, older))


def fold(classroom, user, by):
    """Close the account `user`, whose student has an older one of the same name in the class. Return the older one.

    The membership or the request of the closed account ends. If the same manager does it again, nothing changes.
    Raises CannotFold, DoneByAnother, NotAMember, ArchivedFirst, NotAllowed.
    """
    with classroom.one_at_a_time("fold_account", by) as classroom:
        classroom.check_not_archived(by)
        user = _hold(user)
        duplicate = read(classroom, user)
        if not duplicate.is_here:
            classroom.events.get_repeated(FOLD, by, user=user)
            return duplicate.older
        if duplicate.why_not:
            raise CannotFold(duplicate.why_not)
        place = {}
        if duplicate.membership:
            place = duplicate.membership.place
            duplicate.membership.delete()
        else:
            withdrawn = JoinRequest.Status.WITHDRAWN
            close_request(classroom.pk, duplicate.join_request.pk, by.pk, withdrawn)
        class_notices.mark_read(classroom, [user])
        User.objects.filter(pk=user.pk).close(put_together=True)
        classroom.record(FOLD, by, user=user, **place)
        notices.accounts_folded(classroom, duplicate.older, user, by)
    return duplicate.older


def undo_fold(classroom, user, by):
    """Reopen the account, with its membership or its request, within UNDO_WITHIN after it was closed.

    If the same manager does it again, nothing changes. Raises CannotFold, DoneByAnother, ArchivedFirst, NotAllowed.
    """
    with classroom.one_at_a_time("undo_fold", by) as classroom:
        classroom.check_not_archived(by)
        user = _hold(user)
        latest = classroom.events.place_changes_of(user).last()
        if latest and latest.kind == UNDO:
            classroom.events.get_repeated(UNDO, by, user=user)
            return
        if not is_undoable(latest, user) or classroom.kept_out.filter(user=user).exists():
            raise CannotFold(
                f"These two accounts can't be taken apart here any more: that works for {format_span(UNDO_WITHIN)}. "
                "Ask your school's administrator."
            )
        User.objects.filter(pk=user.pk).reopen()
        notices.take_back_fold(user)
        if latest.door:
            classroom.record(UNDO, by, user=user, created=Membership.given_back(latest))
        else:
            join_request = classroom.join_requests.filter(user=user).latest("pk")
            wait_again.run([join_request.pk])
            reopen_notifications(classroom, [join_request])
            classroom.record(UNDO, by, user=user)


def latest_fold(events, user):
    """Return the one of these events by which the account was closed, or None if it wasn't, or that was undone."""
    latest = events.filter(kind__in=[FOLD, UNDO], user=user).select_related("by").order_by("pk").last()
    return latest if latest and latest.kind == FOLD else None


def is_undoable(event, user):
    """Whether this Event, or None, has closed the account `user` so lately that it can be undone.

    Not if an administrator has closed it since: no manager reopens that (T59).
    """
    is_closed_otherwise = not user.is_active and not user.put_together
    if event is None or event.kind != FOLD or is_closed_otherwise:
        return False
    return Event.objects.filter(pk=event.pk, at__gt=Now() - UNDO_WITHIN).exists()


def sentence_at_log_in(user):
    """Return what somebody reads who logs in, with the right password, to an account that is closed; or nothing.

    It tells no more of the other account than the sign-up does (L5).
    """
    closed = latest_fold(Event.objects, user)
    if closed is None:
        return ""
    letters = twins.letters_in(closed.classroom_id, user.full_name)
    which = f"Its username begins with {' or '.join(f'“{letter}”' for letter in letters)}." if letters else ""
    return f"Your teacher has put this account together with your other one. Log in with that one. {which}".strip()


def _hold(user):
    """Hold the person's row, so that the account joins no other class meanwhile, and read it again."""
    return User.objects.not_erased().select_for_update(no_key=True).get(pk=user.pk)


def _older(classroom, user):
    """Return the oldest other account of a student in the class with exactly this name, or None."""
    students = User.objects.active().filter(kind=User.Kind.STUDENT, pk__lt=user.pk)
    members = students.filter(pk__in=classroom.memberships.values("user"))
    called = members.called(folding.fold(user.full_name)).order_by("pk")
    return next((other for other in called if exact(other.full_name) == exact(user.full_name)), None)


def _why_not(classroom, user, older):
    """Say why no manager may close this account for the older one; nothing if they may.

    One sentence for several reasons, because it must not tell the manager of other classes of the student (T14).
    """
    if not user.is_active:
        return f"The account {user.shown_username} is closed."
    elsewhere = user.memberships.exclude(classroom=classroom)
    asked_elsewhere = user.join_requests.pending().exclude(classroom=classroom)
    if (
        user.is_teacher
        or user.is_staff
        or not SignUp.objects.filter(user=user, join_code__classroom=classroom).exists()
        or elsewhere.exists()
        or asked_elsewhere.exists()
    ):
        return (
            f"You can only put away a student's account that was created with a Code of this class and is used nowhere "
            f"else. That isn't so for {user.full_name}. Ask your school's administrator."
        )
    if older is None:
        return f"Nobody in this class has the name {user.full_name} and an older account."
    return ""
