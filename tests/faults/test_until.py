"""How bin/faults and the tests of the deployed site wait."""

import re

import pytest

from tests.deployed.school import until

A_MOMENT = 0.3  # seconds


def test_what_is_seen_in_the_end_is_returned():
    looks = iter([0, 2, 4, 6])

    assert until(lambda: next(looks), lambda seen: seen >= 4) == 4


def test_it_says_what_it_waited_for_and_how_long_and_what_it_saw_last():
    def sessions():
        return 3

    with pytest.raises(AssertionError) as failed:
        until(sessions, lambda seen: seen >= 4, A_MOMENT)

    found = re.search(r"sessions has not come true in ([\d.]+) s; seen last: 3$", str(failed.value))
    assert float(found[1]) >= A_MOMENT


def test_the_last_look_comes_after_the_time_is_over(monkeypatch):
    """On a busy machine a pause may take longer than the whole time limit."""
    moments, looks = iter([0, 1, 100]), iter([False, True])
    monkeypatch.setattr("tests.deployed.school.monotonic", lambda: next(moments))

    assert until(lambda: next(looks), seconds=60)


def test_it_goes_by_the_clock_and_not_by_how_often_it_looked(monkeypatch):
    moments, looks = iter([0, *range(1, 60, 20), 61]), []
    monkeypatch.setattr("tests.deployed.school.monotonic", lambda: next(moments))

    with pytest.raises(AssertionError, match="in 61.0 s"):
        until(lambda: looks.append("one"), seconds=60)
    assert len(looks) == 4
