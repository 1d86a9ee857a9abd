"""Every notification about joining. Each function runs in the transaction of the act that it is about (N1, N2).

`mail_after` is how long the mail waits, because the person may read the notification in Homeroom first.
"""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notification, User
from classroom.models import Membership
from joins.times import ask_again_after, format_moment

ALL_LOCKED = "lock-all-codes"  # the `about` of what all_codes_locked() writes
AT_ONCE = timedelta()


def codes_locked_themselves(classes):
    _tell_managers_of(classes, "The Code of {} has locked. Anyone who uses it now has to ask you.")


def codes_lock_soon(classes):
    """The link leads to the class page, where one press keeps the Code unlocked (K11)."""
    _tell_managers_of(classes, "The Code of {} locks soon. One press keeps it unlocked for two more weeks.")


def _tell_managers_of(classes, sentence):
    """Notify the managers of these classes, except archived ones, with one query and one insert."""
    by_id = {classroom.pk: classroom for classroom in classes if not classroom.is_archived}
    managing = Membership.objects.managers().filter(classroom__in=by_id).select_related("user")
    Notification.objects.bulk_create(
        Notification.build(
            membership.user,
            text=sentence.format(by_id[membership.classroom_id].name),
            link=by_id[membership.classroom_id].path,
            topic=by_id[membership.classroom_id].public_id,
            mail_after=settings.DIGEST_EVERY,
        )
        for membership in managing
    )


def all_codes_locked(classes):
    """Notify each manager once, not once for each class, and not again while the first one is unread (T29)."""
    ids = [classroom.pk for classroom in classes if not classroom.is_archived]
    managing = Membership.objects.managers().filter(classroom__in=ids)
    unread = Notification.objects.unread().filter(about=ALL_LOCKED)
    Notification.objects.notify(
        User.objects.filter(pk__in=managing.values("user")).exclude(pk__in=unread.values("user")),
        text="Every Code of this site has been locked, as a precaution. Anyone who uses one has to ask. "
        "Unlock yours whenever you like.",
        link="/",
        about=ALL_LOCKED,
        mail_after=settings.DIGEST_EVERY,
    )


def code_crowded(classroom):
    """The link leads to the page that shows who joined today (T30, T35)."""
    Notification.objects.notify(
        classroom.managers(),
        text=f"More people joined {classroom.name} than you expected, so its Code has locked. "
        "Anyone who uses it now has to ask you.",
        link=reverse("joins:today", args=[classroom.public_id]),
        topic=classroom.public_id,
        mail_after=AT_ONCE,
    )


def leak_reported(classroom, by, moved):
    """Notify the other managers. `moved` is the number of people who were moved to the queue."""
    Notification.objects.notify(
        [user for user in classroom.managers() if user != by],
        text=f"{by.full_name} has reported that the Code of {classroom.name} had leaked. "
        f"There is a new one, locked. Moved to the queue: {moved}.",
        link=reverse("joins:queue", args=[classroom.public_id]),
        topic=classroom.public_id,
        mentions=by,
        mail_after=AT_ONCE,
    )


def moved_to_queue(classroom, users):
    Notification.objects.notify(
        users,
        text=f"The teachers of {classroom.name} are checking who belongs in it. "
        "You're back in the queue and don't have to do anything.",
        link="/",
        topic=classroom.public_id,
        mail_after=AT_ONCE,
    )


def asked(join_request, mail_after):
    """Notify the owner and the co-teachers (Q1, Q5).

    All requests over the quota share one notification: there is no second one until the first is read, or none of these
    requests is pending any more (T34).
    """
    managers = join_request.classroom.managers()
    where = {
        "link": reverse("joins:queue", args=[join_request.classroom.public_id]),
        "topic": join_request.classroom.public_id,
        "about": join_request.about,
        "mail_after": mail_after,
    }
    if join_request.over_quota:
        unread = Notification.objects.unread().filter(about=join_request.about)
        known = set(unread.values_list("user", flat=True))
        text = f"Many new accounts ask to join {join_request.class_name}. Look before you let them in."
        Notification.objects.notify([user for user in managers if user.pk not in known], text=text, **where)
    else:
        text = f"{join_request.name} asks to join {join_request.class_name}."
        Notification.objects.notify(managers, text=text, mentions=join_request.user, **where)


def approved(join_requests):
    """Notify the people who asked (Q4), with the class's name from the time when they asked (T10)."""
    _notify_requesters(
        join_requests, lambda join_request: f"You've been let in. You're in {join_request.class_name} now."
    )


def denied(join_requests):
    _notify_requesters(join_requests, _denial)


def denied_and_kept_out(join_requests):
    _notify_requesters(
        join_requests,
        lambda join_request: (
            f"{_said_no(join_request)}, and you can't join it right now. If you think this is a mistake, talk to "
            f"{_teacher_of(join_request)}."
        ),
    )


def decision_undone(join_request):
    """Take back what the person was told. If they may have read it, tell them that the request waits again (Q9)."""
    told = Notification.objects.filter(user=join_request.user, about=join_request.about_decision)
    may_have_read = told.exclude(read_at=None, digest=None).exists()
    told.unread().delete()
    if join_request.status == join_request.Status.APPROVED:
        # What they were notified of as a member is no longer for them (T60).
        join_request.user.notifications.filter(topic=join_request.classroom.public_id).mark_read()
    if may_have_read:
        teacher = _teacher_of(join_request).capitalize()
        Notification.objects.notify(
            [join_request.user],
            text=f"{teacher} took back the answer to your request to join {join_request.class_name}. Your request "
            "waits again, and you don't have to do anything.",
            link="/",
            topic=join_request.classroom.public_id,
            mail_after=AT_ONCE,
        )


def let_in_after_all(join_request):
    """Notify the person. If they have not read the no yet, it disappears (Q9)."""
    Notification.objects.unread().filter(user=join_request.user, about=join_request.about_decision).delete()
    approved([join_request])


def _denial(join_request):
    """Needs a request that was read using with_denials() before it was denied."""
    with timezone.override(join_request.user.zone):
        again = format_moment(timezone.now() + ask_again_after(join_request.denials + 1))
    said_no, teacher = _said_no(join_request), _teacher_of(join_request)
    return f"{said_no}. You can ask again from {again}. Not sure why? Talk to {teacher}."


def _said_no(join_request):
    return (
        f"{_teacher_of(join_request).capitalize()} said no to your request to join {join_request.class_name}"
    )


def _teacher_of(join_request):
    return "its teacher" if join_request.user.is_teacher else "your teacher"


def _notify_requesters(join_requests, sentence):
    Notification.objects.bulk_create(
        Notification.build(
            join_request.user,
            text=sentence(join_request),
            link=join_request.classroom.path if join_request.status == join_request.Status.APPROVED else "/",
            topic=join_request.classroom.public_id,
            about=join_request.about_decision,
            mail_after=AT_ONCE,
        )
        for join_request in join_requests
    )


def class_deleted(join_requests):
    """Notify the people who asked, with the class's name from the time when they asked (T10)."""
    Notification.objects.bulk_create(
        Notification(
            user_id=join_request.user_id,
            text=f"{join_request.class_name} has been deleted, and your request to join it with it.",
            link="/",
        )
        for join_request in join_requests
    )


def password_given(classroom, user, by):
    """Notify the student, and the other managers, who can see in the history who gave it (T15)."""
    about = {"topic": classroom.public_id, "mail_after": AT_ONCE}
    text = f"{by.full_name} of {classroom.name} has given you a one-time password. You were logged out everywhere."
    Notification.objects.notify([user], text=text, link=classroom.path, mentions=by, **about)
    text = (
        f"{user.full_name} has been given a one-time password in {classroom.name}. The history tells by whom."
    )
    others = [manager for manager in classroom.managers() if manager != by]
    history = reverse("joins:history", args=[classroom.public_id])
    Notification.objects.notify(others, text=text, link=history, mentions=user, **about)


def name_corrected(classroom, rename):
    Notification.objects.notify(
        [rename.user],
        text=f"{rename.by.full_name} of {classroom.name} changed your name to {rename.new}.",
        link=reverse("accounts:profile"),
        topic=classroom.public_id,
        mentions=rename.by,
    )


def renamed_like_another(classroom, rename, page):
    """Notify the managers that a new name looks like somebody else's (T42). This replaces one about an earlier name."""
    about = f"renamed:{classroom.pk}:{rename.user_id}"
    Notification.objects.mark_read_about([about])
    Notification.objects.notify(
        classroom.managers(),
        text=f"{rename.old} is now called {rename.new}, similar to a name in {classroom.name}. Check who it is.",
        link=reverse(f"joins:{page}", args=[classroom.public_id]),
        topic=classroom.public_id,
        about=about,
        mentions=rename.user,
        mail_after=settings.DIGEST_EVERY,
    )
