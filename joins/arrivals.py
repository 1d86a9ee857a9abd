"""How the people in a class came: by which door and on which day, and how long requests to join waited."""

from collections import Counter
from datetime import timedelta
from typing import NamedTuple

from django.db.models import Count, F, Min, Q
from django.db.models.functions import TruncDate
from django.utils.formats import date_format

from accounts.times import short_day
from classroom.models import Door
from joins.models import JoinRequest
from joins.models.join_request_queryset import DECIDING

DAYS_SHOWN = 60  # the latest days on which people came have a line each; the days before them share one
# How long a decided request waited, as (label, at most). Each leaves out what the one before it counts.
WAITS = [
    ("Up to an hour", timedelta(hours=1)),
    ("Up to a day", timedelta(days=1)),
    ("Up to three days", timedelta(days=3)),
]


class Part(NamedTuple):
    """A part of a bar: how many came by this door, and how many are drawn before it."""

    door: Door
    number: int
    before: int


class Bar(NamedTuple):
    """A line of the table, and its bar in the picture."""

    label: str  # the day, as "Mon 28 Nov"
    parts: list[Part]

    @property
    def number(self):
        return sum(part.number for part in self.parts)


class Arrivals(NamedTuple):
    """Those who are in the class now, without those who were given it: nobody who has left again is counted."""

    doors: list[Door]  # that somebody used: each has a column
    bars: list[Bar]  # the newest day first
    codes: list[tuple[str, int]]  # the letters of each Code, and how many joined with it; most first

    @property
    def number(self):
        return sum(bar.number for bar in self.bars)

    @property
    def widest(self):
        return max(bar.number for bar in self.bars)


class Waits(NamedTuple):
    decided: list[tuple[str, int]]  # (how long, how many requests)
    pending: int
    oldest: object  # since when the oldest of the pending ones waits, a datetime; None if there is none

    @property
    def most(self):
        return max(number for _, number in self.decided)


def arrivals_of(classroom):
    """Count the members by day, door and Code, with one query. A day begins at midnight in the reader's time zone."""
    members = classroom.memberships.exclude(door=Door.OPENED).annotate(day=TruncDate("joined_at"))
    rows = list(members.order_by().values_list("day", "door", "code").annotate(Count("pk")))
    by_day, by_code = {}, Counter()
    for day, door, code, number in rows:
        by_day.setdefault(day, Counter())[door] += number
        if door == Door.CODE:  # each slip has a Code of its own
            by_code[code] += number
    doors = [door for door in Door if any(door in counted for counted in by_day.values())]
    days = sorted(by_day, reverse=True)
    bars = [Bar(_label(day), _parts(doors, by_day[day])) for day in days[:DAYS_SHOWN]]
    if earlier := days[DAYS_SHOWN:]:
        bars.append(Bar("Before that", _parts(doors, sum((by_day[day] for day in earlier), Counter()))))
    return Arrivals(doors, bars, by_code.most_common())


def waits_of(classroom):
    """Count the requests that managers have decided by how long they waited, and those that wait, with one query.

    A member who was moved to the queue did not ask, and isn't counted among the decided.
    """
    decided = Q(status__in=DECIDING, moved_to_queue=False)
    within = {
        f"wait_{i}": Count("pk", filter=decided & Q(decided_at__lte=F("asked_at") + most))
        for i, (_, most) in enumerate(WAITS)
    }
    pending = Q(status=JoinRequest.Status.PENDING)
    found = classroom.join_requests.aggregate(
        **within,
        all_decided=Count("pk", filter=decided),
        pending=Count("pk", filter=pending),
        oldest=Min("asked_at", filter=pending),
    )
    labels = [label for label, _ in WAITS] + ["Longer"]
    # Each count has those of the shorter waits in it.
    up_to = [found[key] for key in within] + [found["all_decided"]]
    numbers = [number - shorter for number, shorter in zip(up_to, [0, *up_to], strict=False)]
    return Waits(list(zip(labels, numbers, strict=True)), found["pending"], found["oldest"])


def _label(day):
    return f"{date_format(day, 'D')} {short_day(day)}"


def _parts(doors, counted):
    parts, before = [], 0
    for door in doors:
        parts.append(Part(door, counted[door], before))
        before += counted[door]
    return parts
