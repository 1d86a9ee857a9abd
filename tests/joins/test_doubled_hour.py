"""In the night when the clocks go back, an hour comes twice. What Homeroom proposes is one moment (K7, F21)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.times import format_moment, midnight
from joins.forms.code import LockAtForm
from joins.forms.leak import LeakForm
from joins.models import JoinCode
from joins.times import datetime_local, exact_moment, lock_choices
from joins.views.leak import start_of_latest_run

pytestmark = pytest.mark.fault("F21")
TWO = datetime(2027, 10, 31, 0, 0, tzinfo=UTC)  # In Berlin it is two o'clock, and an hour later again.
QUARTERS = [TWO + timedelta(minutes=15 * n) for n in range(-6, 13)]


def read(text):
    form = LockAtForm({"locks_at": text})
    assert form.is_valid(), form.errors
    return form.cleaned_data["locks_at"]


@pytest.mark.rule("K7")
@pytest.mark.parametrize("now", QUARTERS, ids=str)
def test_the_end_of_the_lesson_is_46_minutes_away_whatever_the_clocks_do(now):
    with timezone.override("Europe/Berlin"):
        moments = {choice: moment for choice, (_, moment) in lock_choices(now).items()}

        assert moments["lesson"] - now == timedelta(minutes=46)
        assert moments["week"] - now == timedelta(weeks=1)


@pytest.mark.threat("T30")
@pytest.mark.parametrize("joined_at", QUARTERS, ids=str)
def test_the_moment_that_the_page_about_a_leak_begins_with_is_one_moment(joined_at):
    """Its field has no room to say which of the two hours is meant, so the hour before them stands in it."""
    with timezone.override("Europe/Berlin"):
        form = LeakForm({"since": exact_moment(start_of_latest_run([joined_at]))})
        assert form.is_valid()
        since = form.cleaned_data["since"]

        assert read(datetime_local(since)) == since
        assert timedelta() <= joined_at - since < timedelta(hours=3)


@pytest.mark.parametrize("minutes", [30, 90, 600])
def test_today_begins_at_the_first_of_two_midnights(minutes):
    """In Havana the clocks go back from one o'clock to midnight."""
    first = datetime(2026, 11, 1, 4, 0, tzinfo=UTC)
    with timezone.override("America/Havana"):
        assert midnight(first + timedelta(minutes=minutes)).astimezone(UTC) == first


@pytest.mark.rule("K5")
def test_two_weeks_over_that_night_are_336_hours_and_are_told_in_the_new_time(biology_code):
    """The Code was unlocked at 09:00, so it locks at 08:00 by the clock on the wall."""
    opened = datetime(2027, 10, 25, 9, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    JoinCode.objects.update(locks_at=opened.astimezone(UTC) + timedelta(days=14))

    with timezone.override("Europe/Berlin"):
        assert format_moment(biology_code().locks_at) == "Monday 8 November, 08:00"
