"""Somebody guesses Codes from a thousand networks while a school is at work; and who learns of it."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Digest, Notification
from joins.models import ClassNetwork, Guess, JoinCode, KnownNetwork
from tests.clock import time_passes
from tests.factories import ClassroomFactory, TeacherFactory
from tests.joins.guessing import SCHOOL, browser_at, guessed_from_everywhere, sign_up, wrong_codes

pytestmark = [pytest.mark.django_db, pytest.mark.threat("T18")]


def test_a_network_is_known_for_thirty_days(guesses_used_up, biology_code, amara):
    ClassNetwork.objects.update(seen_at=timezone.now() - timedelta(days=29))
    assert sign_up(browser_at(SCHOOL), biology_code().code, "first").status_code == 302

    ClassNetwork.objects.update(seen_at=timezone.now() - timedelta(days=31))
    assert sign_up(browser_at(SCHOOL), biology_code().code, "second").status_code == 429


def test_an_operator_can_name_the_network_of_a_school_that_begins_today(
    guesses_used_up, biology_code, capsys
):
    """No class has been there yet. The entry lasts thirty days, until classes have."""
    call_command("know_network", "2001:db8:1:2::1")

    assert sign_up(browser_at("2001:db8:1:2::77"), biology_code().code).status_code == 302
    assert capsys.readouterr().out == "2001:db8:1:2::/64 is known for 30 days.\n"
    ClassNetwork.objects.all().delete()
    KnownNetwork.objects.update(joined_at=timezone.now() - timedelta(days=31))
    assert sign_up(browser_at("2001:db8:1:2::77"), biology_code().code, "late").status_code == 429


def test_what_is_no_address_is_no_network():
    with pytest.raises(CommandError, match="^greenfield is no address, such as "):
        call_command("know_network", "greenfield")

    assert not KnownNetwork.objects.filter(network="greenfield").exists()


def test_the_operators_are_told_once_an_hour_and_by_mail(school, biology_code, caplog):
    operator = TeacherFactory(is_staff=True)
    guessed_from_everywhere(299)
    assert not operator.notifications.exists()

    sign_up(browser_at("10.1.1.1"), wrong_codes(1)[0])
    sign_up(browser_at("10.1.1.2"), wrong_codes(1)[0])
    Digest.objects.gather()
    assert (operator.notifications.count(), operator.digests.count()) == (1, 1)
    assert "Codes are being guessed" in operator.notifications.get().sentence
    assert Notification.objects.count() == 1
    assert len([line for line in caplog.messages if line.startswith("Codes are being guessed")]) == 1

    time_passes(minutes=10)
    guessed_from_everywhere(300)
    assert operator.notifications.count() == 1

    time_passes(hours=1)
    guessed_from_everywhere(300)
    assert operator.notifications.count() == 2


@pytest.mark.threat("T57")
def test_wrong_codes_of_a_school_that_is_in_take_nothing_from_the_pool(school, biology_code, amara):
    sign_up(browser_at(SCHOOL), wrong_codes(1)[0])

    assert not Guess.objects.get().from_unknown_network


@pytest.mark.threat("T57")
def test_from_a_thousand_addresses_nobody_gets_in_by_luck_while_the_pupils_do(school, biology_code, leo):
    """One of the guesses is right, for a class of another school."""
    lucky = ClassroomFactory().join_codes.get().code
    guessed_from_everywhere(290)
    guesses = [*wrong_codes(60), lucky, *wrong_codes(99)[60:]]
    got_in, pupils = [], []
    for number, code in enumerate(guesses):
        answer = sign_up(browser_at(f"10.8.0.{number}"), code, f"guest-{number}")
        got_in += [number] if answer.status_code == 302 else []
        if number % 10 == 9:
            pupil = browser_at(SCHOOL)
            sign_up(pupil, wrong_codes(1)[0], f"pupil-{number}")
            pupils.append(sign_up(pupil, biology_code().code, f"pupil-{number}").status_code)

    assert (got_in, pupils) == ([], [302] * 10)
    assert Guess.objects.count() == 300 + 10
    assert not JoinCode.objects.get(code=lucky).sign_ups.exists()


@pytest.mark.parametrize(
    "typed",
    [
        "0.0.0.0",  # noqa: S104 - nothing is bound to it
        "127.0.0.1",
        "::",
        "::1",
        "fe80::1",
        "169.254.1.1",
        "224.0.0.1",
        "ff02::1",
        "255.255.255.255",
        "::ffff:127.0.0.1",
    ],
)
def test_an_address_from_which_nobody_comes_is_no_schools(typed):
    """Otherwise it would be known for 30 days, and the school would still be stopped."""
    with pytest.raises(CommandError, match=f"^{typed} is no address from which a school's visitors come"):
        call_command("know_network", typed)

    assert not KnownNetwork.objects.exists()
