"""Inviting a co-teacher by email: the owner invites and cancels, a teacher accepts, and the clock ends it (ADR 35)."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from accounts.models import Letter, User
from classroom import exceptions, notices, signals
from classroom.models import Classroom, CoTeacherInvitation, Door, Event, Membership
from classroom.models.co_teacher_invitation import WORKS_FOR, path_of
from classroom.models.event import SECOND_PRESS_WITHIN
from classroom.models.membership import NO_END
from classroom.rights import CO_TEACHER

MOST_OPEN = 10  # invitations of one class at a time
MOST_A_DAY = 30  # invitations by one teacher (T35)
MOST_A_RUN = 500  # ended invitations that one run tells of; the next run goes on


def invite(classroom, by, email):
    """Mail an invitation to this address, with a link that works once, for a week. A second press sends no second mail.

    Returns whether a mail is sent. It's the same for every address, whether or not somebody has an account with it
    (T54). Raises NotAllowed, ArchivedFirst, AccountDeleted, InvitedToday, TooManyInvitations.
    """
    with classroom.one_at_a_time("invite_co_teacher", by) as classroom:
        classroom.check_not_archived(by)
        # The limit of a day counts across classes, so the inviter's row is held too, after the class's.
        if not User.objects.active().hold_row(by):
            raise exceptions.AccountDeleted
        sent = CoTeacherInvitation.objects.filter(classroom=classroom)
        to_address = sent.filter(email=email)
        if to_address.open().filter(created_at__gte=Now() - SECOND_PRESS_WITHIN).exists():
            return False
        if to_address.lately().exists():
            raise exceptions.InvitedToday(is_open=to_address.open().exists())
        to_address.open().update(ended_at=Now())  # the new one takes its place
        if sent.open().count() >= MOST_OPEN:
            raise exceptions.TooManyInvitations(f"{MOST_OPEN} invitations are open here. Cancel one first.")
        if CoTeacherInvitation.objects.filter(by=by).lately().count() >= MOST_A_DAY:
            raise exceptions.TooManyInvitations(
                f"You have sent {MOST_A_DAY} invitations today. Send this one tomorrow."
            )
        _, secret = CoTeacherInvitation.objects.issue(classroom, by, email)
        classroom.record(Event.Kind.INVITE_CO_TEACHER, by)
        Letter.objects.enqueue("invite_co_teacher", _mail(classroom, by, email, secret), by, WORKS_FOR)
        return True


def cancel(classroom, by, invitation_id):
    """Cancel an open invitation. The second time changes nothing.

    Raises NotAllowed, InvitationUsed, CoTeacherInvitation.DoesNotExist.
    """
    with classroom.one_at_a_time("cancel_invitation", by) as classroom:
        row = CoTeacherInvitation.objects.filter(classroom=classroom, by=by, pk=invitation_id)
        invitation = row.select_related("used_by").get()
        if invitation.used_by:
            raise exceptions.InvitationUsed(invitation.used_by)
        if row.open().update(ended_at=Now()):
            classroom.record(Event.Kind.CANCEL_INVITATION, by)


def find(secret):
    """Return the invitation with its class and people, if it's open or has been used, or None."""
    found = CoTeacherInvitation.objects.with_secret(secret).exclude(classroom=None)
    return found.open_or_used().select_related("classroom", "by").first()


def refusal(invitation, user):
    """Return the reason why this person can't accept the invitation, as an exception, or None.

    The order matters: nobody learns anything about a class from an invitation that somebody else has used.
    """
    classroom = invitation.classroom
    membership = classroom.memberships.filter(user=user).with_role_now().first()
    if membership and membership.is_manager:
        return exceptions.AlreadyCoTeacher(membership)
    if invitation.used_by_id:
        return exceptions.InvitationOver()
    if not user.is_teacher:
        return exceptions.TeachersOnly(
            "Only a teacher's account can become co-teacher. If you have one, log out and use that account."
        )
    if classroom.kept_out.filter(user=user).exists():
        return exceptions.IsKeptOut()
    return exceptions.ClassArchived(classroom) if classroom.is_archived else None


def accept(invitation, by):
    """Make the teacher `by` a co-teacher and tell the owner. A second press by the same person changes nothing.

    Of two people at once, the first one gets in: both wait for the class's row, and the invitation is read again then.
    Raises AlreadyCoTeacher, InvitationOver, TeachersOnly, IsKeptOut, ClassArchived, AccountDeleted.
    """
    with Classroom.objects.one_joins_at_a_time(invitation.classroom_id, by) as classroom:
        found = CoTeacherInvitation.objects.filter(pk=invitation.pk)
        invitation = found.open_or_used().select_related("by").first()
        if invitation is None:
            raise exceptions.InvitationOver
        invitation.classroom = classroom
        why_not = refusal(invitation, by)
        if isinstance(why_not, exceptions.AlreadyCoTeacher) and invitation.used_by_id == by.pk:
            return  # a second press
        if why_not:
            raise why_not
        found.update(ended_at=Now(), used_by=by)
        _make_co_teacher(classroom, by)
        notices.invitation_accepted(classroom, invitation.by, by)


def _make_co_teacher(classroom, user):
    notices.mark_read(classroom, [user])  # what was meant for a member, or for somebody who waits
    place = None
    if not classroom.memberships.filter(user=user).update(role=CO_TEACHER, **NO_END):
        place = Membership(classroom=classroom, user=user, role=CO_TEACHER, door=Door.OPENED)
    classroom.record(Event.Kind.ACCEPT_INVITATION, user, created=place)
    signals.role_given.send(Classroom, classroom=classroom, user=user)


def tell_of_ends():
    """Write the end of invitations whose time is up, and tell those who invited. Returns how many.

    Running it twice, or twice at once, tells of each only once.
    """
    ended = 0
    due = CoTeacherInvitation.objects.time_is_up().order_by("created_at", "pk")
    for invitation in due.select_related("classroom", "by")[:MOST_A_RUN]:
        with transaction.atomic():
            row = CoTeacherInvitation.objects.filter(pk=invitation.pk)
            if not row.time_is_up().update(ended_at=Now()):
                continue
            ended += 1
            if invitation.classroom and invitation.classroom.owner == invitation.by:
                notices.invitation_unused(invitation.classroom, invitation.by)
    return ended


def end_all():
    """End every invitation, after a restore: since the backup, some were cancelled or used (F31). Returns how many."""
    return CoTeacherInvitation.objects.filter(ended_at=None).update(ended_at=Now())


def _mail(classroom, by, email, secret):
    """The subject names nobody (T44)."""
    context = {
        "classroom": classroom,
        "by": by,
        "path": path_of(secret),
        "days": WORKS_FOR.days,
        "site_url": settings.SITE_URL,  # never the request's host, which the client chooses (T63)
    }
    return get_adapter().render_mail("classroom/email/invitation", email, context)
