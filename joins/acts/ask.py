"""Asking to join, by the Join URL or with a locked Code: the limits, and the join request that a manager decides."""

from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce, Now

from accounts.compiled import compiled
from accounts.models import User
from accounts.transactions import retry_also_if_connection_lost
from classroom.exceptions import Refusal
from classroom.models import Classroom, Door, Event, Membership
from classroom.models.standing import standing_of
from classroom.rights import MANAGERS
from joins import notices
from joins.exceptions import AskedTooSoon, AskingPaused, JoinedTooOften, QueueFull, WaitsEnough
from joins.models import JoinRequest, JoinURL, SignUp
from joins.models.join_request import NO_MAIL_AFTER_WITHDRAWAL
from joins.models.subqueries import count_of
from joins.times import ask_again_after

A_DAY = timedelta(days=1)
# How often a day one person may join a class or ask to join. Each time adds an event to the class's history, which must
# stay readable (T33).
MOST_TIMES_A_DAY = 20


class Asker(NamedTuple):
    """What decides whether a person may ask to join a class, read at the moment when they ask."""

    latest_id: int | None  # their latest request here
    # The teacher whose Code created their account within the last day, unless that teacher manages this class (T34).
    made_by_id: int | None
    pending_in_class: int
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
    with join_url.classroom.one_at_a_time(joining=by) as classroom:
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
        over_quota=bool(asker.made_by_id and door == Door.JOIN_URL and _is_quota_used_up(asker.made_by_id)),
    )
    classroom.record(Event.Kind.ASK, by, created=join_request, door=door, code=code)
    is_again = has_cancelled and latest.is_recent
    notices.asked(join_request, NO_MAIL_AFTER_WITHDRAWAL if is_again else settings.DIGEST_EVERY)
    return join_request


def times_in_a_day(classroom_id, user_id):
    """Return an expression that counts how often the person has joined, or asked to join, within the last day."""
    came = Event.objects.filter(kind__in=[Event.Kind.ASK, Event.Kind.JOIN], at__gt=Now() - A_DAY)
    return count_of(came.filter(classroom=classroom_id, by=user_id), "by")


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
    if asker.pending_in_class >= settings.MOST_PENDING_IN_CLASS:
        raise QueueFull(classroom)
    if asker.pending_of_person >= settings.MOST_PENDING_OF_PERSON:
        raise WaitsEnough(asker.pending_of_person)


def _latest_request(asker):
    """Return their latest request to this class, with_denials(), or None."""
    return JoinRequest.objects.with_denials().get(pk=asker.latest_id) if asker.latest_id else None


@compiled(Asker)
def _asker_of(classroom_id, user_id):
    """Read the Asker. for_update() holds the row of the teacher in `made_by_id` or, if there is none, of the person."""
    new = User.objects.filter(pk=user_id, sign_up__at__gt=Now() - A_DAY)
    managed = _managed_by(models.OuterRef("sign_up__join_code__created_by")).filter(classroom=classroom_id)
    made_elsewhere = new.filter(~models.Exists(managed)).exclude(sign_up__join_code__classroom=classroom_id)
    made_by_id = models.Subquery(made_elsewhere.values("sign_up__join_code__created_by"))
    mine = JoinRequest.objects.filter(classroom=classroom_id, user=user_id).order_by("-pk")
    pending = JoinRequest.objects.pending()
    join_url = JoinURL.objects.filter(classroom=classroom_id)
    found = User.objects.filter(pk=Coalesce(made_by_id, user_id)).annotate(
        latest_id=models.Subquery(mine.values("pk")[:1]),
        made_by_id=made_by_id,
        pending_in_class=count_of(pending.filter(classroom=classroom_id), "classroom"),
        pending_of_person=count_of(pending.filter(user=user_id), "user"),
        paused_by_id=models.Subquery(join_url.values("paused_by")),
        times_in_a_day=times_in_a_day(classroom_id, user_id),
        **standing_of(user_id, classroom_id),
    )
    return found.values_list(*Asker._fields)


def _managed_by(teacher_id):
    return Membership.objects.filter(user=teacher_id, role__in=MANAGERS)


def _is_quota_used_up(teacher_id):
    """Return whether accounts created today with this teacher's Codes have sent as many requests as they may (T34).

    Only requests to classes of other teachers count. A teacher has one quota, however many Codes and classes they use,
    and also if they delete a class. _asker_of.for_update() holds the teacher's row, so that all requests at the
    same moment are counted.
    """
    a_day_ago = Now() - A_DAY
    sign_ups = SignUp.objects.filter(join_code__created_by=teacher_id, at__gt=a_day_ago)
    # Filtering by the teacher first lets PostgreSQL start from that teacher's few accounts instead of from all requests
    # of the day.
    join_requests = JoinRequest.objects.filter(
        ~models.Exists(_managed_by(teacher_id).filter(classroom=models.OuterRef("classroom"))),
        user__sign_up__join_code__created_by=teacher_id,
        user__sign_up__at__gt=a_day_ago,
        door=Door.JOIN_URL,
        asked_at__gt=a_day_ago,
    ).exclude(classroom=models.F("user__sign_up__join_code__classroom"))
    asked = count_of(join_requests, "user__sign_up__join_code__created_by")
    classes = Classroom.objects.filter(pk__in=sign_ups.values("join_code__classroom"))
    quota = classes.annotate(asked=asked).aggregate(
        expected=models.Sum("expected_size"), used=models.Max("asked")
    )
    # Both are None if all of these classes have been deleted since. Then nothing is left of the quota.
    return (quota["used"] or 0) >= settings.NEW_ACCOUNTS_QUOTA * (quota["expected"] or 0)
