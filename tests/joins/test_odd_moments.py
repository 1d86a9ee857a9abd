"""The first and the last day of the calendar, which are another day in other time zones."""

import pytest
from django.urls import reverse

from tests.hooks import alerts


@pytest.mark.threat("T68")
@pytest.mark.parametrize(
    ("zone", "typed"), [("Europe/Oslo", "0001-01-01T00:00"), ("America/New_York", "9999-12-31T23:59")]
)
@pytest.mark.parametrize("address", ["lock_code_at", "unlock_code", "report_leak"])
def test_a_moment_that_cannot_be_kept_is_refused(biology, ms_okafor, sign_in, zone, typed, address):
    """People can type it in their own time zone."""
    type(ms_okafor).objects.filter(pk=ms_okafor.pk).update(time_zone=zone)
    page = reverse(f"joins:{address}", args=[biology.public_id])

    answer = sign_in(ms_okafor).post(page, {"locks_at": typed, "since": typed})

    assert 400 <= answer.status_code < 500
    assert alerts(answer)


@pytest.mark.threat("T68")
def test_asking_who_came_since_then_is_asking_who_ever_came(biology, ms_okafor, sign_in):
    type(ms_okafor).objects.filter(pk=ms_okafor.pk).update(time_zone="Europe/Oslo")
    page = reverse("joins:report_leak", args=[biology.public_id])

    assert sign_in(ms_okafor).get(page, {"since": "0001-01-01T00:00"}).status_code == 200
