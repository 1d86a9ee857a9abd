"""The database counts for rate limits, with one statement for each write however many counts there are."""

import pytest
from django.core.management import call_command

from config.rate_limit_cache import RateLimitCache

pytestmark = [pytest.mark.django_db, pytest.mark.fault("F09")]
OVER = -60  # seconds


@pytest.fixture
def counts():
    call_command("createcachetable", "counted", verbosity=0)
    return RateLimitCache("counted", {"OPTIONS": {"MAX_ENTRIES": 3}})


def test_what_was_written_last_is_read(counts):
    counts.set("log-ins-of-amara", [1.5])
    counts.set("log-ins-of-amara", [1.5, 2.5])

    assert counts.get("log-ins-of-amara") == [1.5, 2.5]
    assert counts.get("log-ins-of-leo") is None


def test_adding_is_for_the_first_one_alone_until_it_is_over(counts):
    assert counts.add("lock", "first")
    assert not counts.add("lock", "second")
    assert counts.get("lock") == "first"

    counts.set("lock", "first", timeout=OVER)
    assert counts.add("lock", "third")


def test_a_write_is_one_statement(counts, count_queries):
    with count_queries(1):
        counts.set("log-ins-of-amara", [1.5])
    with count_queries(1):
        counts.add("lock", True)


def test_what_never_ends_is_kept(counts):
    counts.set("kept", 1, timeout=None)

    counts.throw_away()

    assert counts.get("kept") == 1


@pytest.mark.threat("T55")
def test_a_flood_of_counts_throws_no_note_away(counts):
    """The time of the last backup must stay, although attackers choose how many counts there are and how they are
    named."""
    counts.set("backup", 1, timeout=None)
    for number in range(9):
        counts.set(f"log-ins-of-{number}", 1)

    counts.throw_away()

    assert counts.get("backup") == 1
    assert len(counts.get_many([f"log-ins-of-{number}" for number in range(9)])) == 6


def test_what_is_over_is_thrown_away_and_the_rest_only_where_it_is_too_much(counts):
    counts.set("over", 1, timeout=OVER)
    for name in ("a", "b", "c"):
        counts.set(name, 1)
    counts.throw_away()
    assert counts.get_many(["a", "b", "c", "over"]).keys() == {"a", "b", "c"}

    counts.set("d", 1)
    counts.throw_away()
    assert len(counts.get_many(["a", "b", "c", "d"])) == 3
