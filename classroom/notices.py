"""Every notification about a class and its members. Each function runs in the transaction of its act (N1, N2)."""

from datetime import timedelta

from accounts.models import Notification, User

AT_ONCE = timedelta()


def transferred(classroom, to, by):
    text = f"{by.full_name} has handed {classroom.name} over to you: you own it now."
    _notify(classroom, [to], text, link=classroom.path, mentions=by)


def owner_replaced(classroom, to, by):
    """`by` is an operator, or None at the command line."""
    handed_over_by = by.full_name if by else "The administrator of this site"
    text = f"{handed_over_by} has handed {classroom.name} over to you: you own it now."
    mentions = by if by != to else None
    _notify(classroom, [to], text, link=classroom.path, mentions=mentions, mail_after=AT_ONCE)
    others = [manager for manager in classroom.managers() if manager != to]
    text = f"{to.full_name} owns {classroom.name} now: the owner before has left."
    _notify(classroom, others, text, link=classroom.path, mentions=to)


def deleted(classroom, by):
    members = User.objects.filter(memberships__classroom=classroom).exclude(pk=by.pk)
    _notify(classroom, members, f"{classroom.name} has been deleted by {by.full_name}.", mentions=by)


def role_changed(classroom, user, role):
    """`role` is one of Membership.Role."""
    text = f"You are a {role.label.lower()} in {classroom.name} now."
    _notify(classroom, [user], text, link=classroom.path)


def removed(classroom, user):
    teacher = "its teacher" if user.is_teacher else "your teacher"
    text = f"You're no longer in {classroom.name}. Not sure why? Talk to {teacher}."
    _notify(classroom, [user], text)


def unblocked(classroom, user):
    _notify(classroom, [user], f"You can join {classroom.name} again.")


def _notify(classroom, users, text, link="/", **fields):
    Notification.objects.notify(users, text=text, link=link, topic=classroom.public_id, **fields)
