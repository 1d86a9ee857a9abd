"""The usernames that a sign-up offers are made of the name and are free."""

import re
from itertools import product

import pytest

from accounts import free_usernames
from tests.factories import StudentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("M2")]


@pytest.mark.parametrize(
    ("first", "last", "offered"),
    [
        ("Ana", "Ruiz", [r"ana\.r\d\d", r"ana\d\d"]),
        ("Sof\xeda Mar\xeda", "\xc1lvarez", [r"sofiamaria\.a\d\d", r"sofiamaria\d\d"]),
        ("Wei", "", [r"wei\d\d", r"wei\d\d"]),
        ("\u738b", "\u4f1f", [r"student\d\d", r"student\d\d"]),
        ("Sam", "Root", [r"sam\.r\d\d", r"sam\d\d"]),
        ("Root", "", [r"student\d\d", r"student\d\d"]),
        ("O'Neill" * 20, "B", [r"(oneill)*on\.b\d\d", r"(oneill)*on\d\d"]),
    ],
)
def test_they_are_made_of_the_name(first, last, offered):
    usernames = free_usernames.offer(first, last)

    assert len(set(usernames)) == 2
    assert all(re.fullmatch(*pair) for pair in zip(offered, usernames, strict=True)), usernames


@pytest.mark.threat("T54")
def test_they_are_free_and_tell_nothing_about_the_name_without_digits(monkeypatch):
    drawn = iter(["47", "47", "48", "49", "50", "51"])
    monkeypatch.setattr(free_usernames, "get_random_string", lambda *_: next(drawn))
    for username in ("ana", "ana.r", "ana.r47", "ana47"):
        StudentFactory(username=username)

    assert free_usernames.offer("Ana", "Ruiz") == ["ana.r48", "ana49"]


def test_where_all_short_ones_are_taken_longer_ones_are_offered():
    for stem, digits in product(("ana", "ana.r"), product(free_usernames.DIGITS, repeat=2)):
        StudentFactory(username=stem + "".join(digits))

    for username, stem in zip(free_usernames.offer("Ana", "Ruiz"), (r"ana\.r", "ana"), strict=True):
        assert re.fullmatch(stem + r"\d{6}", username)
