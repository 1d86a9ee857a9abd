"""What some notifications say whenever a manager reads them: who waits (N3) and when a Code locks (K11) at that moment.

No name and no date is stored in them, so nothing has to be changed when somebody decides, cancels or is erased.
"""

from collections import defaultdict
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.models.notification import Button, Current
from accounts.names import initial
from accounts.times import format_moment, short_day
from classroom.models import Membership
from joins.models import JoinCode, JoinRequest
from joins.notices import ABOUT_LOCK, ABOUT_QUEUE, ABOUT_WEEK, about_queue
from joins.times import CLOCKS_DIFFER, WEEK, format_span, week_begin

MOST_NAMES = 2
MOST_NAMES_IN_MAIL = 5


def say_who_waits(sender, user, notifications, **_):
    """Set `current` of the notifications of requests. Needs at most one query.

    Those that were read say it too, as long as somebody waits, but only the newest one of each queue.
    """
    all_of_queues = sorted(filter(is_of_queue, notifications), key=lambda one: one.created_at)
    newest = {one.about: one for one in all_of_queues}
    of_queues = [one for one in all_of_queues if one is newest[one.about] or not one.read_at]
    if not of_queues:
        return
    waiting = _waiting_for(user, [pk_in(one) for one in of_queues])
    with timezone.override(user.zone):
        for notification in of_queues:
            queue = waiting.get(notification.about)
            if queue:
                notification.current = _current(queue)
            elif not notification.read_at:
                notification.current = Current(is_over=True)


def say_when_it_locks(sender, user, notifications, **_):
    """Set `current` of the unread warnings that a Code locks. Needs at most one query."""
    warnings = [one for one in notifications if one.about.startswith(f"{ABOUT_LOCK}:") and not one.read_at]
    if not warnings:
        return
    managing = Membership.objects.of_manager(user).not_archived()
    join_codes = JoinCode.objects.in_last_days().filter(classroom__in=managing.values("classroom"))
    locking = join_codes.select_related("classroom").in_bulk({pk_in(one) for one in warnings})
    for notification in warnings:
        join_code = locking.get(pk_in(notification))
        notification.current = _locks_soon(join_code, user) if join_code else Current(is_over=True)


def _locks_soon(join_code, user):
    classroom = join_code.classroom
    with timezone.override(user.zone):
        moment = format_moment(join_code.locks_at)
    subject = f"The Code of {classroom.name} locks on {moment}"
    longer = format_span(settings.CODE_UNLOCKED_FOR, more=True)
    shown = {"join_code": join_code.pk, "restarts": 1}  # as in _shown_code.html
    path = reverse("joins:unlock_code", args=[classroom.public_id])
    keep_open = Button(f"Keep open {longer}", path, shown)
    sentence = f"The Code of {classroom.name} locks on {moment}. One press keeps it unlocked for {longer}."
    return Current(sentence, mail_subject=subject, button=keep_open)


def say_how_weeks_went(sender, user, notifications, **_):
    """Set `current` of the notifications about a week. Needs at most three queries."""
    of_weeks = [one for one in notifications if one.about.startswith(f"{ABOUT_WEEK}:")]
    if not of_weeks:
        return
    managing = Membership.objects.of_manager(user).not_archived()
    managing = managing.filter(classroom__in=[pk_in(one) for one in of_weeks])
    join_codes = JoinCode.objects.current().with_state().filter(classroom__in=managing.values("classroom"))
    by_class = {code.classroom_id: code for code in join_codes.select_related("classroom")}
    waiting = _waiting_for(user, by_class)
    ends = {one.pk: week_begin(one.created_at + CLOCKS_DIFFER) for one in of_weeks}
    joined = Membership.objects.joined_between(min(ends.values()) - WEEK, max(ends.values()))
    joined = list(joined.filter(classroom__in=by_class).values_list("classroom", "joined_at"))
    for notification in of_weeks:
        join_code, end = by_class.get(pk_in(notification)), ends[notification.pk]
        if join_code is None:
            notification.current = Current(is_over=True)
            continue
        came = sum(of == join_code.classroom_id and end - WEEK <= at < end for of, at in joined)
        queue = waiting.get(about_queue(join_code.classroom_id), [])
        notification.current = _week(join_code, end, came, queue, user.zone)


def _week(join_code, end, came, queue, zone):
    """`came` is how many joined in the week that ended at `end`."""
    name, waits = join_code.classroom.name, len(queue)
    days = f"{short_day(end - WEEK)} to {short_day(end - timedelta(days=1))}"
    joined = {
        0: f"{days} in {name}: Nobody joined.",
        1: f"{days} in {name}: 1 person joined.",
    }.get(came, f"{days} in {name}: {came} people joined.")
    with timezone.override(zone):
        locks = f"The Code locks on {format_moment(join_code.locks_at)}."
    code = locks if join_code.is_unlocked else "The Code is locked."
    sentences = [
        " ".join(filter(None, [joined, _who_waits(queue, most), code]))
        for most in (MOST_NAMES, MOST_NAMES_IN_MAIL)
    ]
    if came:
        subject = f"1 person joined {name}" if came == 1 else f"{came} people joined {name}"
    else:
        subject = f"1 person waits in {name}" if waits == 1 else f"{waits} people wait in {name}"
    return Current(*sentences, subject, is_over=not came and not queue, is_mailed_with_link=True)


def _who_waits(queue, most):
    if not queue:
        return ""
    if len(queue) == 1:
        return f"{_short(queue[0].name)} waits to be let in."
    return f"{len(queue)} people wait to be let in ({_first_names(queue, most)})."


def is_of_queue(notification):
    return notification.about.startswith(f"{ABOUT_QUEUE}:")


def pk_in(notification):
    """Return the pk of what the notification is about: of a class, if it is about a queue, otherwise of a Code."""
    return int(notification.about.partition(":")[2])


def _waiting_for(user, classroom_ids):
    """Return a dict: the `about` of a class's notification -> the requests in its queue, if `user` manages it now."""
    pending = JoinRequest.objects.pending().managed_by(user)
    pending = pending.within_quota().filter(classroom__in=classroom_ids).select_related("classroom")
    waiting = defaultdict(list)
    for join_request in pending.order_by("asked_at", "pk"):
        waiting[join_request.about].append(join_request)
    return waiting


def _current(queue):
    how_many, class_name = len(queue), queue[0].classroom.name
    if how_many == 1:
        sentence = mail_sentence = f"{queue[0].name} asks to join {class_name}."
        subject = f"1 person asks to join {class_name}"
    else:
        subject = f"{how_many} people ask to join {class_name}"
        sentence, mail_sentence = (
            f"{how_many} people ask to join {class_name} ({_first_names(queue, most)})."
            for most in (MOST_NAMES, MOST_NAMES_IN_MAIL)
        )
    if queue[0].reminded_at:  # N4
        at = format_moment(queue[0].asked_at)
        since = f"They have waited since {at}." if how_many == 1 else f"The first has waited since {at}."
        sentence, mail_sentence = f"{sentence} {since}", f"{mail_sentence} {since}"
    return Current(sentence, mail_sentence, subject, is_mailed_with_link=True)


def _first_names(queue, most):
    """Return the names of those who have waited longest: "Ada A., Finn F. and 10 more"."""
    names = [_short(join_request.name) for join_request in queue[:most]]
    left = len(queue) - len(names)
    names, last = (names, f"{left} more") if left else (names[:-1], names[-1])
    return f"{', '.join(names)} and {last}"


def _short(name):
    first, _, last = name.rpartition(" ")
    return f"{first} {initial(last)}." if first and initial(last) else name
