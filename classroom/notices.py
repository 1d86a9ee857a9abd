"""Every notification about a class and its members. Each function runs in the transaction of its act (N1, N2)."""

from datetime import timedelta

from django.db.models import Max
from django.urls import reverse

from accounts.models import Notification, User
from accounts.times import long_last_day

AT_ONCE = timedelta()


def transferred(classroom, to, by):
    text = f"{by.full_name} has handed {classroom.name} over to you: you own it now."
    notify(classroom, [to], text, link=classroom.path, mentions=by)


def owner_replaced(classroom, to, by):
    """`by` is an operator, or None at the command line."""
    handed_over_by = by.full_name if by else "The administrator of this site"
    text = f"{handed_over_by} has handed {classroom.name} over to you: you own it now."
    mentions = by if by != to else None
    notify(classroom, [to], text, link=classroom.path, mentions=mentions, mail_after=AT_ONCE)
    others = [manager for manager in classroom.managers() if manager != to]
    text = f"{to.full_name} owns {classroom.name} now: the owner before has left."
    notify(classroom, others, text, link=classroom.path, mentions=to)


def deleted(classroom, by):
    members = User.objects.filter(memberships__classroom=classroom).exclude(pk=by.pk)
    notify(classroom, members, f"{classroom.name} has been deleted by {by.full_name}.", mentions=by)


def made_co_teacher(classroom, user, until=None):
    """The day is the owner's, in whose request this is written."""
    end = f", until the end of {long_last_day(until)}" if until else ""
    notify(classroom, [user], f"You're now a co-teacher of {classroom.name}{end}.", link=classroom.path)


def co_teacher_ends_soon(classroom, user):
    text = f"Your co-teacher rights in {classroom.name} end within a day."
    notify(classroom, [user], text, link=classroom.path)
    _tell_owner(classroom, user, "end within a day")


def co_teacher_ended(classroom, user):
    text = f"Your co-teacher rights in {classroom.name} have ended. You're now a member."
    notify(classroom, [user], text, link=classroom.path)
    _tell_owner(classroom, user, "have ended")


def _tell_owner(classroom, user, what):
    owners = [owner for owner in [classroom.owner] if owner.is_active]
    text = f"The co-teacher rights of {user.full_name} in {classroom.name} {what}."
    notify(
        classroom, owners, text, link=reverse("classroom:members", args=[classroom.public_id]), mentions=user
    )


def made_member(classroom, user):
    notify(classroom, [user], f"You're now a member of {classroom.name}.", link=classroom.path)


def invitation_accepted(classroom, owner, user):
    """Mailed at once: the link may have come to somebody else than the owner meant."""
    who = f"{user.full_name} ({user.shown_username})" if user.shown_username else user.full_name
    text = f"{who} has accepted your invitation and is now a co-teacher of {classroom.name}."
    link = reverse("classroom:members", args=[classroom.public_id])
    notify(classroom, [owner], text, link=link, mentions=user, mail_after=AT_ONCE)


def invitation_unused(classroom, owner):
    text = f"Nobody has used an invitation to be a co-teacher in {classroom.name}, so it has ended."
    link = reverse("classroom:invite_co_teacher", args=[classroom.public_id])
    notify(classroom, [owner], text, link=link, mail_after=AT_ONCE)


def removed(classroom, users):
    for teacher, theirs in (
        ("its teacher", [user for user in users if user.is_teacher]),
        ("your teacher", [user for user in users if not user.is_teacher]),
    ):
        text = f"You're no longer in {classroom.name}. Not sure why? Talk to {teacher}."
        notify(classroom, theirs, text, about=_about_removal(classroom))


def removals_undone(classroom, users):
    """Take back what they were told of their removal. Who may have read it is told that they are back (Q9)."""
    told = Notification.objects.filter(about=_about_removal(classroom), user__in=users)
    newest = told.values("user").annotate(newest=Max("pk")).values("newest")
    may_have_read = Notification.objects.filter(pk__in=newest).take_back()
    back = [user for user in users if user.pk in may_have_read]
    notify(classroom, back, f"You're back in {classroom.name}.", link=classroom.path)


def _about_removal(classroom):
    return f"removed:{classroom.pk}"


def unblocked(classroom, user):
    notify(classroom, [user], f"You can join {classroom.name} again.")


def mark_read(classroom, users):
    """Mark what `users` were notified of in the class as read, so that none of it is mailed.

    It was meant for their role, which has just ended (T60). `users` is a list of users or of their pks, or a query.
    """
    Notification.objects.filter(topic=classroom.public_id, user__in=users).mark_read()


def notify(classroom, users, text, link="/", **fields):
    """Write one notification about this class to each of `users`. `fields` are as for Notification.build()."""
    Notification.objects.notify(users, text=text, link=link, topic=classroom.public_id, **fields)
