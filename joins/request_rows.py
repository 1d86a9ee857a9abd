"""The rows of the approval queue, for the tag {% rows %}: what decides how a row looks, and what it prints (ADR 27)."""

from datetime import timedelta
from functools import cache
from typing import NamedTuple

from django.utils import timezone
from django.utils.formats import date_format

from accounts.compiled import compiled
from accounts.models import User
from classroom.member_rows import Row
from classroom.same_name import exact
from joins.class_list import is_second
from joins.look_alikes import LookAlike
from joins.models import JoinRequest, SignUp
from joins.name_marks import mark_names
from joins.times import format_ago, format_since_day

MINUTE = timedelta(minutes=1)


class RequestShape(NamedTuple):
    kind_name: str
    door: str
    has_slip_name: bool
    moved_to_queue: bool
    over_quota: bool
    can_be_let_in: bool
    shows_username: bool
    is_renamed: bool  # the person has another name by now
    looks_like: LookAlike | None
    has_their_name: bool  # of the one in looks_like, and not only a similar one
    denied_before: JoinRequest | None
    has_same_name: bool  # as somebody else who waits, and no other warning says so
    on_list: str  # what the class list says, as in OnList; empty if there is none
    is_ticked: bool
    # A student in the class has this name and an older account, and this one was created with a Code of the class.
    is_duplicate: bool


class RequestText(NamedTuple):
    pk: int
    name: str
    username: str
    new_name: str
    created: str  # the day on which the account was
    asked_at: str
    asked_on: str
    asked_ago: str
    listed_name: str  # the name on the class list that is nearly the same
    slip_name: str  # the name on the slip with which somebody had joined who was moved to the queue


def mark(classroom, join_requests, is_whole_queue=False):
    """Set what a row shows beside the request itself: what mark_names() sets, `denied_before` and `is_duplicate`."""
    mark_names(classroom, join_requests, is_whole_queue)
    mark_denied_before(classroom, join_requests)
    mark_duplicates(classroom, join_requests)


def mark_denied_before(classroom, join_requests):
    """Set `denied_before` on each pending request: the person's latest denied request to this class, or None (Q10)."""
    latest = {before.user_id: before for before in _denied_of_those_who_wait.all(classroom.pk)}
    for join_request in join_requests:
        join_request.denied_before = latest.get(join_request.user_id)


@compiled(JoinRequest)
def _denied_of_those_who_wait(classroom_id):
    requests = JoinRequest.objects.filter(classroom=classroom_id)
    denied = requests.filter(status=JoinRequest.Status.DENIED, user__in=requests.pending().values("user"))
    return denied.select_related("decided_by").order_by("pk")


def mark_duplicates(classroom, join_requests):
    """Set `is_duplicate` on each request. Needs one query if a student of the class has one of these names, or none."""
    doubled = {join_request.user_id for join_request in join_requests if _has_older_namesake(join_request)}
    sign_ups = SignUp.objects.filter(user__in=doubled, join_code__classroom=classroom)
    created_here = set(sign_ups.values_list("user", flat=True)) if doubled else set()
    for join_request in join_requests:
        join_request.is_duplicate = join_request.user_id in created_here


def _has_older_namesake(join_request):
    alike = join_request.looks_like
    if alike is None or alike.waits or alike.user_id > join_request.user_id:
        return False
    return _has_their_name(join_request) and not alike.person.is_teacher and not join_request.user.is_teacher


def _has_their_name(join_request):
    alike = join_request.looks_like
    return alike is not None and exact(alike.person.full_name) == exact(join_request.user.full_name)


def request_rows(join_requests, ticked=()):
    """Each has its user loaded, and what mark() sets.

    `ticked` has the pks, as texts, of those whose box is ticked.
    """
    dates = Dates(timezone.now())
    return [Row(_shape(join_request, ticked), _text(join_request, dates)) for join_request in join_requests]


def _shape(join_request, ticked):
    person = join_request.user
    return RequestShape(
        kind_name=User.Kind(person.kind).label,
        door=join_request.door,
        has_slip_name=bool(join_request.slip_name),
        moved_to_queue=join_request.moved_to_queue,
        over_quota=join_request.over_quota,
        can_be_let_in=person.is_active,
        shows_username=bool(person.shown_username),
        is_renamed=person.full_name != join_request.name,
        looks_like=join_request.looks_like,
        has_their_name=_has_their_name(join_request),
        denied_before=join_request.denied_before,
        has_same_name=join_request.has_same_name and not _is_said(join_request),
        on_list=join_request.on_list.how if join_request.on_list else "",
        is_ticked=str(join_request.pk) in ticked,
        is_duplicate=join_request.is_duplicate,
    )


def _is_said(join_request):
    alike = join_request.looks_like
    return is_second(join_request) or (alike is not None and alike.waits)


def _text(join_request, dates):
    asked = timezone.localtime(join_request.asked_at)
    return RequestText(
        pk=join_request.pk,
        name=join_request.name,
        username=join_request.user.username,
        new_name=join_request.user.full_name,
        created=dates.since_day(timezone.localdate(join_request.user.date_joined)),
        asked_at=asked.isoformat(),
        asked_on=f"{dates.day(asked.date())}, {asked:%H:%M}",
        asked_ago=dates.ago((dates.now - asked) // MINUTE),
        listed_name=join_request.on_list.name if join_request.on_list else "",
        slip_name=join_request.slip_name,
    )


class Dates:
    """Formats each day once, however many rows have it, and each number of minutes."""

    def __init__(self, now):
        self.now = now
        self.since_day = cache(format_since_day)
        self.day = cache(lambda day: date_format(day, "l j F"))
        self.ago = cache(lambda minutes: format_ago(now - minutes * MINUTE, now))
