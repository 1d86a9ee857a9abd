"""Every notification about joining. Each function runs in the transaction of the act that it is about (N1, N2).

`mail_after` is how long the mail waits, because the person may read the notification in Homeroom first.
"""

from functools import cache

from django.conf import settings
from django.db.models import Case, CharField, F, OuterRef, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Concat, JSONObject
from django.urls import reverse
from django.utils import timezone

from accounts.bulk import BATCH_SIZE
from accounts.compiled import compiled, compiled_update, read_and_update
from accounts.models import Notification, User
from accounts.models.notification import said_again
from classroom import notices as class_notices
from classroom.models import Membership
from classroom.notices import AT_ONCE, notify
from joins import sentences
from joins.times import ask_again_after, waits_by_denials

ABOUT_ALL_LOCKED = "lock-all-codes"  # the `about` of what all_codes_locked() writes
ABOUT_LOCK = "code-locks"  # what the `about` of what codes_lock_soon() writes begins with
ABOUT_WEEK = "week"  # of what week() writes
ABOUT_QUEUE = "requests"  # and of what asked() writes about requests within the quota
ABOUT_DECISION = Concat(Value("decision:"), Cast("pk", CharField()), output_field=CharField())


def codes_locked_themselves(join_codes):
    _tell_managers_of(join_codes, sentences.CODE_LOCKED_ITSELF)


def codes_lock_soon(join_codes):
    """joins.current_notices adds when, and the button that keeps the Code unlocked (K11)."""
    _tell_managers_of(join_codes, sentences.CODE_LOCKS_SOON, about=about_lock)


def about_lock(join_code_id):
    """Return the `about` of the notifications that this Code locks soon."""
    return f"{ABOUT_LOCK}:{join_code_id}"


def about_queue(classroom_id):
    """Return the `about` of the notifications that cover all other requests in this class together (N3)."""
    return f"{ABOUT_QUEUE}:{classroom_id}"


def about_week(classroom_id):
    """Return the `about` of the notifications of how a week went in this class (N5)."""
    return f"{ABOUT_WEEK}:{classroom_id}"


def about_over_quota(classroom_id):
    """Return the `about` of the notifications that cover all requests over the quota in this class together (T34)."""
    return f"over-quota:{classroom_id}"


def _tell_managers_of(join_codes, kind, about=lambda join_code_id: ""):
    """Notify the managers of the classes of these Codes, except archived ones, with one query and one insert.

    `about` is about_lock() for notifications that are over once the Code no longer locks soon.
    """
    by_id = {code.classroom_id: code.classroom for code in join_codes if not code.classroom.is_archived}
    about_code = {code.classroom_id: about(code.pk) for code in join_codes}
    managing = Membership.objects.managers().filter(classroom__in=by_id).select_related("user")
    told = (
        Notification.build(
            membership.user,
            kind=kind,
            facts={"class_name": by_id[membership.classroom_id].name},
            link=by_id[membership.classroom_id].path,
            topic=by_id[membership.classroom_id].public_id,
            about=about_code[membership.classroom_id],
            mail_after=settings.DIGEST_EVERY,
        )
        for membership in managing
    )
    Notification.objects.bulk_create(told, BATCH_SIZE)


def all_codes_locked(classes):
    """Notify each manager once, not once for each class, and not again while the first one is unread (T29)."""
    ids = [classroom.pk for classroom in classes if not classroom.is_archived]
    managing = Membership.objects.managers().filter(classroom__in=ids)
    unread = Notification.objects.unread().filter(about=ABOUT_ALL_LOCKED)
    Notification.objects.notify(
        User.objects.filter(pk__in=managing.values("user")).exclude(pk__in=unread.values("user")),
        kind=sentences.ALL_CODES_LOCKED,
        link="/",
        about=ABOUT_ALL_LOCKED,
        mail_after=settings.DIGEST_EVERY,
    )


def code_crowded(classroom):
    """The link leads to the page that shows who joined today (T30, T35)."""
    today = _page(classroom, "today")
    notify(classroom, classroom.managers(), sentences.CODE_CROWDED, today, mail_after=AT_ONCE)


def leak_reported(classroom, by, moved):
    """Notify the other managers. `moved` is the number of people who were moved to the queue."""
    others = [user for user in classroom.managers() if user != by]
    fields = {"mentions": by, "mail_after": AT_ONCE, "by": by.full_name, "moved": moved}
    notify(classroom, others, sentences.LEAK_REPORTED, _page(classroom, "queue"), **fields)


def moved_to_queue(classroom, users):
    notify(classroom, users, sentences.MOVED_TO_QUEUE, mail_after=AT_ONCE)


def asked(join_request, mail_after):
    """Notify the owner and the co-teachers (Q1, Q5), and return them, the owner first.

    A manager has one unread notification of all requests in a class. It names nobody: when somebody reads it, it says
    who waits at that moment (N3, joins.current_notices). Those over the quota have one of their own, which isn't said
    again before it is read, or none of them is pending any more (T34).
    """
    classroom = join_request.classroom
    about = (classroom.pk, join_request.about)
    if join_request.over_quota:
        managing = _managing_with_unread.all(*about)
    else:
        saying_again = (_saying_again(mail_after), *about)
        managing, again = read_and_update((_managing_with_unread, *about), saying_again, _how_many_unread)
        # If it's fewer, a manager has opened theirs at this moment, and needs another one about this request.
        if again != _how_many_unread(managing):
            managing = _managing_with_unread.all(*about)
    managers = [manager.user for manager in managing]
    kind = sentences.ASKED_OVER_QUOTA if join_request.over_quota else sentences.ASKED
    new = [manager.user for manager in managing if not manager.unread_notification]
    page = _page(classroom, "queue")
    notify(classroom, new, kind, page, about=join_request.about, mail_after=mail_after)
    return managers


def slip_of_another_name_used(classroom):
    """Notify the managers who have no unread one of these (N3).

    It names nobody: the list shows who it is, as long as there is a list (L2).
    """
    about = f"slips:{classroom.pk}"
    managing = _managing_with_unread.all(classroom.pk, about)
    new = [manager.user for manager in managing if not manager.unread_notification]
    fields = {"about": about, "mail_after": settings.DIGEST_EVERY}
    notify(classroom, new, sentences.SLIP_OF_ANOTHER_NAME_USED, _page(classroom, "class_list"), **fields)


@compiled(Membership)
def _managing_with_unread(classroom_id, about):
    """Read the managers, each with the pk of their `unread_notification` about this, or None."""
    unread = Notification.objects.unread().filter(about=about, user=OuterRef("user"))
    managing = Membership.objects.managers().filter(classroom=classroom_id).owner_first()
    return managing.annotate(unread_notification=Subquery(unread.values("pk")[:1]))


def _how_many_unread(managing):
    return sum(manager.unread_notification is not None for manager in managing)


@cache
def _saying_again(mail_after):
    """Return the compiled UPDATE. The SQL contains `mail_after`, of which there are two values."""

    @compiled_update
    def say_again(classroom_id, about):
        managing = Membership.objects.managers().filter(classroom=classroom_id)
        unread = Notification.objects.unread().filter(about=about, user__in=managing.values("user"))
        return unread, said_again(mail_after)

    return say_again


def week(classroom, managers):
    """Tell of the last week (N5). joins.current_notices adds how it went. A manager gets one mail of all classes."""
    Notification.objects.notify(
        managers,
        kind=sentences.LAST_WEEK,
        facts={"class_name": classroom.name},
        link=classroom.path,
        topic=ABOUT_WEEK,
        about=about_week(classroom.pk),
        mail_after=AT_ONCE,
    )


def about_absence(classroom_id):
    """Return the `about` of the notifications that the owner of this class is away."""
    return f"owner-absent:{classroom_id}"


def owner_absent(classroom, owner, co_teachers, operators):
    """Operators may not be in the class, so theirs links to no page of it (C6)."""
    fields = {"about": about_absence(classroom.pk), "mentions": owner, "mail_after": AT_ONCE}
    fields["owner"] = owner.full_name
    notify(classroom, co_teachers, sentences.OWNER_ABSENT, _page(classroom, "queue"), **fields)
    notify(classroom, operators, sentences.OWNER_ABSENT_TO_OPERATORS, **fields)


def waits_long(classroom, join_requests):
    """Tell the people who asked who to ask (N4). Nobody is decided on by silence."""
    for first in classroom.managers()[:1]:
        told = (
            Notification.build(
                join_request.user,
                kind=sentences.WAITS_LONG,
                facts={
                    "class_name": join_request.class_name,
                    "asked_at": join_request.asked_at.isoformat(),
                    "manager": first.full_name,
                },
                link="/",
                topic=classroom.public_id,
                mentions=first,
                mail_after=AT_ONCE,
            )
            for join_request in join_requests
        )
        Notification.objects.bulk_create(told, BATCH_SIZE)


def notifying_approved(join_requests, topic, class_page):
    """Return the Insertion that notifies the people who asked (Q4), with the class's name from then (T10).

    `join_requests` is a queryset, and `topic` the class's public_id.
    """
    return _notifying(join_requests, topic, sentences.APPROVED, class_page)


def notifying_denied(join_requests, topic, moments):
    """Return the Insertion, as notifying_approved() does. `moments` are those of moments_to_ask_again()."""
    cases = [
        When(denials__gte=denials, then=Value(moment, TextField()))
        for (denials, _), moment in zip(waits_by_denials(), moments, strict=True)
    ]
    again_at = Case(*reversed(cases), output_field=TextField())
    return _notifying(join_requests.with_denials(), topic, sentences.DENIED, again_at=again_at)


def moments_to_ask_again():
    """Return when somebody who is denied now can ask again, in ISO 8601: a moment for each of waits_by_denials()."""
    now = timezone.now()
    return [(now + ask_again_after(denials)).isoformat() for denials, _ in waits_by_denials()]


def notifying_denied_and_kept_out(join_requests, topic):
    """Return the Insertion, as notifying_approved() does."""
    return _notifying(join_requests, topic, sentences.DENIED_AND_KEPT_OUT)


def decisions_undone(classroom, join_requests, let_in_ids):
    """Take back what the people were told. If they may have read it, tell them that the request waits again (Q9).

    `join_requests` is a queryset of requests that wait again, and `let_in_ids` are the pks of those let in.
    """
    told = Notification.objects.filter(
        user__in=join_requests.values("user"), about__in=join_requests.values_list(ABOUT_DECISION)
    )
    may_have_read = told.take_back()
    if let_in_ids:
        class_notices.mark_read(classroom, let_in_ids)
    if may_have_read:
        waiting = join_requests.filter(user__in=may_have_read)
        _notifying(waiting, classroom.public_id, sentences.DECISION_UNDONE, about="").run()


def take_back_denial(join_requests):
    """If the people have not read the no yet, it disappears (Q9)."""
    about = join_requests.values_list(ABOUT_DECISION)
    Notification.objects.unread().filter(user__in=join_requests.values("user"), about__in=about).delete()


def _notifying(join_requests, topic, kind, link="/", about=ABOUT_DECISION, **facts):
    return Notification.objects.notifying(
        join_requests,
        kind=kind,
        facts=JSONObject(class_name=F("class_name"), **facts),
        link=link,
        topic=topic,
        about=about,
        mail_after=AT_ONCE,
    )


def class_deleted(join_requests):
    """Notify the people who asked, with the class's name from the time when they asked (T10)."""
    told = (
        Notification(
            user_id=join_request.user_id,
            kind=sentences.CLASS_DELETED,
            facts={"class_name": join_request.class_name},
            link="/",
        )
        for join_request in join_requests
    )
    Notification.objects.bulk_create(told, BATCH_SIZE)


def password_given(classroom, user, by):
    """Notify the student, and the other managers, who can see in the history who gave it (T15)."""
    fields = {"mentions": by, "mail_after": AT_ONCE, "by": by.full_name}
    notify(classroom, [user], sentences.PASSWORD_GIVEN, classroom.path, **fields)
    others = [manager for manager in classroom.managers() if manager != by]
    fields = {"mentions": user, "mail_after": AT_ONCE, "user": user.full_name}
    notify(classroom, others, sentences.PASSWORD_GIVEN_TO_STUDENT, _page(classroom, "history"), **fields)


def accounts_folded(classroom, older, user, by):
    """Notify the student, in the account that stays, and the other managers (L5)."""
    about, facts = _about_fold(user), {"by": by.full_name, "username": older.username}
    notify(classroom, [older], sentences.ACCOUNTS_FOLDED, classroom.path, about=about, mentions=by, **facts)
    others = [manager for manager in classroom.managers() if manager != by]
    fields = {"about": about, "mentions": older, "user": older.full_name}
    notify(classroom, others, sentences.ACCOUNTS_OF_STUDENT_FOLDED, _page(classroom, "history"), **fields)


def take_back_fold(user):
    """Delete what accounts_folded() said of this account, because that was undone."""
    Notification.objects.filter(about=_about_fold(user)).delete()


def _about_fold(user):
    return f"fold:{user.pk}"


def name_corrected(classroom, rename):
    fields = {"mentions": rename.by, "by": rename.by.full_name, "new_name": rename.new}
    notify(classroom, [rename.user], sentences.NAME_CORRECTED, reverse("accounts:profile"), **fields)


def renamed_like_another(classroom, rename, page):
    """Notify the managers that a new name looks like somebody else's (T42). This replaces one about an earlier name."""
    about = f"renamed:{classroom.pk}:{rename.user_id}"
    Notification.objects.mark_read_about([about])
    fields = {"about": about, "mentions": rename.user, "mail_after": settings.DIGEST_EVERY}
    facts = {"old_name": rename.old, "new_name": rename.new}
    link = _page(classroom, page)
    notify(classroom, classroom.managers(), sentences.RENAMED_LIKE_ANOTHER, link, **fields, **facts)


def codes_are_guessed(operators, kind):
    """`kind` is sentences.CODES_ARE_GUESSED, or the one for a known network. It is mailed at once."""
    Notification.objects.notify(operators, kind=kind, link="/", mail_after=AT_ONCE)


def _page(classroom, name):
    return reverse(f"joins:{name}", args=[classroom.public_id])
