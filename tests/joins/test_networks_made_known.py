"""Somebody who leaves a class and rejoins it from everywhere makes networks known, but gains little."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from joins import sentences
from joins.models import ClassNetwork, Guess, KnownNetwork
from joins.throttle import MOST_OF_KNOWN_NETWORKS
from tests.clock import time_passes
from tests.factories import StudentFactory
from tests.joins.guessing import HOME, PAUSED, SCHOOL, browser_at, join, sign_up, wrong_codes

pytestmark = [pytest.mark.django_db, pytest.mark.threat("T18")]
POISONED = "203.0.113.77"


@pytest.fixture
def wandering_pupil(physics, physics_code):
    """A pupil who has made networks known with the Code of a class far from Biology 9B."""
    pupil = StudentFactory(username="rover")
    for address in (HOME, POISONED):
        browser = browser_at(address, pupil)
        assert join(browser, physics_code().code)["Location"] == physics.path
        browser.post(f"{physics.path}leave/")
    assert ClassNetwork.objects.filter(classroom=physics).count() == 2


@pytest.fixture
def last_guess(school, wandering_pupil):
    """last_guess() -> as many wrong Codes from known networks as are allowed. Only the last one is really typed."""

    def typed():
        places = [f"10.9.{number // 250}.{number % 250}" for number in range(MOST_OF_KNOWN_NETWORKS - 1)]
        Guess.objects.bulk_create(
            Guess(session=place, network=place, wider=place, from_unknown_network=False) for place in places
        )
        assert sign_up(browser_at(POISONED), wrong_codes(1)[0]).status_code == 422

    return typed


@pytest.fixture
def guessed_where_known(last_guess):
    last_guess()


def test_there_every_code_but_of_that_class_is_refused_alike(
    guessed_where_known, biology_code, physics_code, django_assert_num_queries
):
    pages = []
    for code in (biology_code().code, *wrong_codes(1)):
        with django_assert_num_queries(1):
            pages.append(sign_up(browser_at(POISONED), code))

    assert [(page.status_code, page["Retry-After"]) for page in pages] == [(429, "600")] * 2
    assert [page.context["form"].errors for page in pages] == [{"code": [PAUSED]}] * 2
    assert len(pages[0].content) == len(pages[1].content)
    assert Guess.objects.filter(from_unknown_network=False).count() == MOST_OF_KNOWN_NETWORKS
    assert sign_up(browser_at(POISONED), physics_code().code).status_code == 302


@pytest.mark.threat("T57")
def test_a_school_notices_nothing(guessed_where_known, school, biology_code):
    assert sign_up(browser_at(SCHOOL), biology_code().code).status_code == 302
    assert join(browser_at(SCHOOL, StudentFactory()), biology_code().code)["Location"] == school.path


def test_nor_does_one_that_an_operator_has_named_or_an_account_older_than_a_day(
    guessed_where_known, school, biology_code, amara
):
    User.objects.filter(pk=amara.pk).update(date_joined=timezone.now() - timedelta(days=3))
    amara.refresh_from_db()
    KnownNetwork.objects.record("198.51.100.200")

    assert join(browser_at(POISONED, amara), biology_code().code)["Location"] == school.path
    assert sign_up(browser_at("198.51.100.200"), biology_code().code).status_code == 302


def test_the_operators_are_told_and_ten_minutes_later_it_is_as_before(ms_okafor, last_guess, biology_code):
    User.objects.filter(pk=ms_okafor.pk).update(is_staff=True)
    told = ms_okafor.notifications.filter(kind=sentences.CODES_ARE_GUESSED)

    last_guess()
    assert told.count() == 1

    time_passes(minutes=10)
    assert sign_up(browser_at(POISONED), biology_code().code).status_code == 302
