"""Asking to join, by the Join URL or with a locked Code: the limits, and the join request that a manager decides."""

from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce, Least, Now

from accounts.compiled import compiled
from accounts.models import User
from accounts.transactions import retry_also_if_connection_lost
from classroom.exceptions import Refusal
from classroom.models import Classroom, Door, Event, Membership
from classroom.models.standing import standing_of
from joins import notices
from joins.exceptions import AskedTooSoon, AskingPaused, JoinedTooOften, QueueFull, WaitsEnough
from joins.models import JoinRequest, JoinURL, SignUp
from joins.models.join_request_queryset import NO_MAIL_AFTER_WITHDRAWAL
from joins.models.subqueries import count_of
from joins.times import ask_again_after

A_DAY = timedelta(days=1)
# How often a day one person may join a class or ask to join. Each time adds an event to the class's history, which must
# stay readable (T33).
MOST_TIMES_A_DAY = 20
# A class that says it expects more counts as this many: nobody checks what a teacher says (T34).
MOST_EXPECTED_THAT_COUNT = 200


class Asker(NamedTuple):
    """What decides whether a person may ask to join a class, read at the moment when they ask."""

    latest_id: int | None  # their latest request here
    # The teacher whose Code created their account within the last day, unless that teacher manages this class (T34).
    made_by_id: int | None
    is_new_teacher: bool  # whether they signed up as a teacher within the last day (T34)
    # Those over the quota have a limit of their own, so that they take no place from anybody else (T33, T34).
    pending_in_class: int
    pending_over_quota: int
    pending_of_person: int
    paused_by_id: int | None  # the manager who paused the Join URL
    times_in_a_day: int  # how often they joined this class, or asked to
    membership_id: int | None  # this and the next two are from standing_of()
    kept_out_id: int | None
    manager_id: int | None


@retry_also_if_connection_lost
def ask_by_join_url(join_url, by):
    """Create and return a join request, even while the Code is unlocked (J3).

    If the person has a pending request, returns that (J8). Raises what ask() raises.
    """
    with Classroom.objects.one_joins_at_a_time(join_url.classroom_id, by) as classroom:
        return ask(classroom, by, Door.JOIN_URL)


def refusal_by_join_url(join_url, user):
    """Return the Refusal that ask_by_join_url() would raise now, or None. The page says why before the press (J8).

    For somebody who is not logged in, only what concerns everybody counts.
    """
    classroom = join_url.classroom
    try:
        if not user.is_authenticated:
            classroom.check_open()
            return AskingPaused(classroom) if join_url.paused_at else None
        asker = _asker_of.first(classroom.pk, user.pk)
        classroom.check_can_join(asker)
        latest = _latest_request(asker)
        if latest is None or latest.is_decided:
            _check_may_ask(classroom, Door.JOIN_URL, asker, latest)
    except Refusal as refusal:
        return refusal
    return None


def ask(classroom, by, door, join_code_id=None, code=""):
    """Create a request, notify the managers and return it. If one of this person is pending, return that (J8, J10).

    The caller holds the rows of the class and the person, so that nobody adds a request of either while they are
    counted. Raises what check_can_join() raises; AskedTooSoon after a denial (Q6); AskingPaused, JoinedTooOften,
    QueueFull, WaitsEnough.
    """
    asker = _asker_of.for_update(classroom.pk, by.pk)
    classroom.check_can_join(asker)
    latest = _latest_request(asker)
    if latest and not latest.is_decided:
        return latest
    _check_may_ask(classroom, door, asker, latest)
    has_cancelled = latest is not None and latest.is_withdrawn
    join_request = JoinRequest(
        classroom=classroom,
        user=by,
        door=door,
        join_code_id=join_code_id,
        name=by.full_name,
        class_name=classroom.name,
        moved_to_queue=has_cancelled and latest.moved_to_queue,
        over_quota=_is_over_quota(classroom, door, asker),
    )
    classroom.record(Event.Kind.ASK, by, created=join_request, door=door, code=code)
    is_again = has_cancelled and latest.is_recent
    mail_after = NO_MAIL_AFTER_WITHDRAWAL if is_again else settings.DIGEST_EVERY
    join_request.managers = notices.asked(join_request, mail_after)
    return join_request


def times_in_a_day(classroom_id, user_id):
    """Return an expression that counts how often the person has joined, or asked to join, within the last day."""
    came = Event.objects.filter(kind__in=[Event.Kind.ASK, Event.Kind.JOIN], at__gt=Now() - A_DAY)
    return count_of(came.filter(classroom=classroom_id, by=user_id), "by")


def check_queue(classroom):
    """Raise QueueFull if ask() would do so for a new account with this class's Code."""
    pending = JoinRequest.objects.pending().within_quota().filter(classroom=classroom)
    if pending.count() >= settings.MOST_PENDING_IN_CLASS:
        raise QueueFull


def check_not_too_often(times):
    """Raise JoinedTooOften if this is the limit or more."""
    if times >= MOST_TIMES_A_DAY:
        raise JoinedTooOften(MOST_TIMES_A_DAY)


def _check_may_ask(classroom, door, asker, latest):
    if latest and latest.status == JoinRequest.Status.DENIED and latest.is_too_soon:
        raise AskedTooSoon(latest, latest.decided_at + ask_again_after(latest.denials))
    if asker.paused_by_id and door == Door.JOIN_URL:
        raise AskingPaused(classroom)
    check_not_too_often(asker.times_in_a_day)
    most = settings.MOST_PENDING_IN_CLASS
    if asker.pending_in_class >= most and not _has_quota(door, asker):
        raise QueueFull
    if asker.pending_over_quota >= most and _is_over_quota(classroom, door, asker):
        raise QueueFull
    if asker.pending_of_person >= settings.MOST_PENDING_OF_PERSON:
        raise WaitsEnough(asker.pending_of_person)


def _latest_request(asker):
    """Return their latest request to this class, with_denials(), or None."""
    return JoinRequest.objects.with_denials().get(pk=asker.latest_id) if asker.latest_id else None


@compiled(Asker)
def _asker_of(classroom_id, user_id):
    """Read the Asker beside the row of the account whose quota counts, which for_update() holds.

    That is the teacher in `made_by_id`, for a new account, and otherwise the person.
    """
    made_by_id = models.Subquery(_made_by(classroom_id, user_id))
    mine = JoinRequest.objects.filter(classroom=classroom_id, user=user_id).order_by("-pk")
    pending = JoinRequest.objects.pending()
    in_class = pending.filter(classroom=classroom_id)
    join_url = JoinURL.objects.filter(classroom=classroom_id)
    found = User.objects.filter(pk=Coalesce(made_by_id, user_id)).annotate(
        latest_id=models.Subquery(mine.values("pk")[:1]),
        made_by_id=made_by_id,
        is_new_teacher=models.Exists(User.objects.filter(_is_new_teacher(), pk=user_id)),
        pending_in_class=count_of(in_class.within_quota(), "classroom"),
        pending_over_quota=count_of(in_class.filter(over_quota=True), "classroom"),
        pending_of_person=count_of(pending.filter(user=user_id), "user"),
        paused_by_id=models.Subquery(join_url.values("paused_by")),
        times_in_a_day=times_in_a_day(classroom_id, user_id),
        **standing_of(user_id, classroom_id),
    )
    return found.values_list(*Asker._fields)


def _made_by(classroom_id, user_id):
    """Return the query for Asker.made_by_id."""
    new = User.objects.filter(pk=user_id, sign_up__at__gt=Now() - A_DAY)
    managing = Membership.objects.of_manager(models.OuterRef("sign_up__join_code__created_by"))
    managing_here = managing.filter(classroom=classroom_id)
    elsewhere = new.filter(~models.Exists(managing_here)).exclude(sign_up__join_code__classroom=classroom_id)
    return elsewhere.values("sign_up__join_code__created_by")


def _has_quota(door, asker):
    return bool(asker.made_by_id or asker.is_new_teacher) and door == Door.JOIN_URL


def _is_over_quota(classroom, door, asker):
    """Return whether this request is one of a new account beyond a quota (T34).

    There are two quotas: one of the teacher whose Codes created the account, at all classes of other teachers together,
    and one of this class, for all new accounts that were created elsewhere and wait. Teachers who have just signed up
    by themselves only have the second one. A teacher has one quota, however many Codes and classes they use, and also
    if they delete a class. _asker_of.for_update() holds the teacher's row and the caller holds the class's, so that all
    requests at the same moment are counted.
    """
    if not _has_quota(door, asker):
        return False
    if asker.pending_in_class >= settings.MOST_PENDING_IN_CLASS:
        return True
    # Half of the queue stays free for everybody else, even if several teachers do this together.
    most_of_class = min(classroom.most_members, settings.MOST_PENDING_IN_CLASS // 2)
    asked = JoinRequest.objects.filter(door=Door.JOIN_URL, asked_at__gt=Now() - A_DAY)
    by_student = _is_by_new_student()
    by_anybody = by_student | _is_new_teacher("user__")
    of_class = asked.filter(by_anybody, classroom=classroom.pk).pending().within_quota()
    if not asker.made_by_id:
        return of_class.count() >= most_of_class
    # Filtering by the teacher first lets PostgreSQL start from that teacher's few accounts instead of from all requests
    # of the day.
    of_teacher = asked.filter(by_student, user__sign_up__join_code__created_by=asker.made_by_id)
    sign_ups = SignUp.objects.filter(join_code__created_by=asker.made_by_id, at__gt=Now() - A_DAY)
    classes = Classroom.objects.filter(pk__in=sign_ups.values("join_code__classroom")).annotate(
        asked_of_teacher=count_of(of_teacher, "user__sign_up__join_code__created_by"),
        asked_of_class=count_of(of_class, "classroom"),
    )
    found = classes.aggregate(
        expected=models.Sum(Least("expected_size", MOST_EXPECTED_THAT_COUNT)),
        of_teacher=models.Max("asked_of_teacher"),
        of_class=models.Max("asked_of_class"),
    )
    if found["expected"] is None:
        return True  # all of these classes have been deleted since, so nothing is left of the quota
    is_used_up = found["of_teacher"] >= settings.NEW_ACCOUNTS_QUOTA * found["expected"]
    return is_used_up or found["of_class"] >= most_of_class


def _is_by_new_student():
    """Return the Q of requests of today's accounts, created with a Code of a teacher who doesn't manage the class.

    A request counts for a day, also if it was cancelled.
    """
    managing = Membership.objects.of_manager(models.OuterRef("user__sign_up__join_code__created_by"))
    is_managing = models.Exists(managing.filter(classroom=models.OuterRef("classroom")))
    is_of_the_class = models.Q(classroom=models.F("user__sign_up__join_code__classroom"))
    return models.Q(~is_managing, ~is_of_the_class, user__sign_up__at__gt=Now() - A_DAY)


def _is_new_teacher(prefix=""):
    """Return the Q of teachers who signed up within the last day; nobody has to give them a Code for that.

    `prefix` leads from the model of the query to its users.
    """
    return models.Q((f"{prefix}kind", User.Kind.TEACHER), (f"{prefix}date_joined__gt", Now() - A_DAY))
