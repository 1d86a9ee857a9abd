"""Every notification about a class and its members. Each function runs in the transaction of its act (N1, N2)."""

from datetime import timedelta

from django.db.models import Max
from django.urls import reverse

from accounts.models import Notification, User
from classroom import sentences

AT_ONCE = timedelta()


def transferred(classroom, to, by):
    notify(classroom, [to], sentences.HANDED_OVER, link=classroom.path, mentions=by, by=by.full_name)


def owner_replaced(classroom, to, by):
    """`by` is an operator, or None at the command line."""
    fields = {"link": classroom.path, "mail_after": AT_ONCE}
    if by:
        mentions = by if by != to else None
        notify(classroom, [to], sentences.HANDED_OVER, mentions=mentions, by=by.full_name, **fields)
    else:
        notify(classroom, [to], sentences.HANDED_OVER_BY_ADMINISTRATOR, **fields)
    others = [manager for manager in classroom.managers() if manager != to]
    notify(classroom, others, sentences.OWNER_REPLACED, link=classroom.path, mentions=to, owner=to.full_name)


def deleted(classroom, by):
    members = User.objects.filter(memberships__classroom=classroom).exclude(pk=by.pk)
    notify(classroom, members, sentences.DELETED, mentions=by, by=by.full_name)


def made_co_teacher(classroom, user, until=None):
    """`until` is the moment at which the rights end, if they do."""
    _forget_unread(classroom, user, sentences.MADE_CO_TEACHER, sentences.MADE_CO_TEACHER_UNTIL)
    if until:
        facts = {"co_teacher_until": until.isoformat()}
        notify(classroom, [user], sentences.MADE_CO_TEACHER_UNTIL, link=classroom.path, **facts)
    else:
        notify(classroom, [user], sentences.MADE_CO_TEACHER, link=classroom.path)


def co_teacher_ends_soon(classroom, user):
    notify(classroom, [user], sentences.CO_TEACHER_ENDS_SOON, link=classroom.path)
    _tell_owner(classroom, user, sentences.CO_TEACHER_OF_YOURS_ENDS_SOON)


def co_teacher_ended(classroom, user):
    notify(classroom, [user], sentences.CO_TEACHER_ENDED, link=classroom.path)
    _tell_owner(classroom, user, sentences.CO_TEACHER_OF_YOURS_ENDED)


def _tell_owner(classroom, user, kind):
    owners = [owner for owner in [classroom.owner] if owner.is_active]
    members = reverse("classroom:members", args=[classroom.public_id])
    notify(classroom, owners, kind, link=members, mentions=user, user=user.full_name)


def made_member(classroom, user):
    notify(classroom, [user], sentences.MADE_MEMBER, link=classroom.path)


def invitation_accepted(classroom, owner, user):
    """Mailed at once: the link may have come to somebody else than the owner meant."""
    who = f"{user.full_name} ({user.shown_username})" if user.shown_username else user.full_name
    link = reverse("classroom:members", args=[classroom.public_id])
    fields = {"mentions": user, "mail_after": AT_ONCE, "user": who}
    notify(classroom, [owner], sentences.INVITATION_ACCEPTED, link=link, **fields)


def invitation_unused(classroom, owner):
    link = reverse("classroom:invite_co_teacher", args=[classroom.public_id])
    notify(classroom, [owner], sentences.INVITATION_UNUSED, link=link, mail_after=AT_ONCE)


def removed(classroom, users):
    notify(classroom, users, sentences.REMOVED, about=_about_removal(classroom))


def removals_undone(classroom, users):
    """Take back what they were told of their removal. Who may have read it is told that they are back (Q9)."""
    told = Notification.objects.filter(about=_about_removal(classroom), user__in=users)
    newest = told.values("user").annotate(newest=Max("pk")).values("newest")
    may_have_read = Notification.objects.filter(pk__in=newest).take_back()
    back = [user for user in users if user.pk in may_have_read]
    notify(classroom, back, sentences.REMOVAL_UNDONE, link=classroom.path)


def _about_removal(classroom):
    return f"removed:{classroom.pk}"


def unblocked(classroom, user):
    _forget_unread(classroom, user, sentences.UNBLOCKED)
    notify(classroom, [user], sentences.UNBLOCKED)


def _forget_unread(classroom, user, *kinds):
    """Delete what a newer notification replaces, so that no manager fills somebody's list alone (T35).

    Only for kinds that aren't mailed: the link in a mail leads to its notification.
    """
    Notification.objects.unread().filter(user=user, topic=classroom.public_id, kind__in=kinds).delete()


def mark_read(classroom, users):
    """Mark what `users` were notified of in the class as read, so that none of it is mailed.

    It was meant for their role, which has just ended (T60). `users` is a list of users or of their pks, or a query.
    """
    Notification.objects.filter(topic=classroom.public_id, user__in=users).mark_read()


def notify(classroom, users, kind, link="/", *, about="", mentions=None, mail_after=None, **facts):
    """Write one notification about this class to each of `users`. See Notification.build().

    `facts` are what the sentence of this kind names besides `class_name`.
    """
    facts |= {"class_name": classroom.name}
    fields = {"topic": classroom.public_id, "about": about, "mentions": mentions, "mail_after": mail_after}
    Notification.objects.notify(users, kind=kind, link=link, facts=facts, **fields)
