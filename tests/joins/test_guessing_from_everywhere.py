"""Somebody guesses Codes from a thousand networks. Meanwhile Homeroom accepts none where no class is joined or
taught."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from joins.models import Guess
from privacy.export import as_json
from privacy.models import Person
from tests.clock import time_passes
from tests.factories import StudentFactory
from tests.hooks import alerts
from tests.joins.guessing import HOME, PAUSED, SCHOOL, browser_at, join, sign_up, wrong_codes

pytestmark = [pytest.mark.django_db, pytest.mark.threat("T18")]


def seen(page):
    """Status and page, without the token and what was typed."""
    return page.status_code, re.sub(r' (value|data-filled-by)="[^"]+"', "", page.content.decode())


@pytest.fixture
def newcomer(guesses_used_up):
    """Somebody at home whose account was created this morning."""
    return StudentFactory(username="newcomer", date_joined=timezone.now() - timedelta(hours=3))


def test_at_home_a_new_account_gets_one_refusal_whatever_the_code_is(
    newcomer, biology_code, django_assert_num_queries
):
    """Status, length, text and statements are the same, so the time tells nothing either. Nothing is written."""
    before, browser, pages = Guess.objects.count(), browser_at(HOME, newcomer), []
    for code in (biology_code().code, *wrong_codes(1)):
        with django_assert_num_queries(2):
            pages.append(join(browser, code))

    right, wrong = pages
    assert seen(right) == seen(wrong)
    assert len(right.content) == len(wrong.content)
    assert (right.status_code, right["Retry-After"], alerts(right)) == (429, "600", [PAUSED])
    assert Guess.objects.count() == before
    assert not newcomer.memberships.exists()


@pytest.mark.rule("K8")
def test_a_retired_code_gets_it_too(newcomer, biology_code, ms_okafor):
    retired = biology_code().code
    biology_code().reset(by=ms_okafor)

    assert alerts(join(browser_at(HOME, newcomer), retired)) == [PAUSED]


def test_at_home_nobody_signs_up_with_a_code_and_all_codes_are_refused_alike(guesses_used_up, biology_code):
    before = Guess.objects.count()

    right, wrong = (sign_up(browser_at(HOME), code) for code in (biology_code().code, *wrong_codes(1)))

    assert seen(right) == seen(wrong)
    assert (right.status_code, right["Retry-After"], Guess.objects.count()) == (429, "600", before)
    assert right.context["form"].errors == {"code": [PAUSED]}
    assert not User.objects.filter(username="newcomer").exists()


@pytest.mark.rule("J3")
def test_the_join_url_works_there_as_ever(newcomer, school):
    """The refusal sends people there."""
    browser_at(HOME, newcomer).post(school.join_url.path)

    assert newcomer.join_requests.get().status == "pending"


@pytest.mark.threat("T57")
def test_an_account_older_than_a_day_with_a_clean_record_notices_nothing(
    guesses_used_up, school, biology_code, amara
):
    assert join(browser_at(HOME, amara), biology_code().code)["Location"] == school.path


def test_its_first_wrong_code_is_told_as_ever_and_from_then_on_it_is_no_better_than_others(
    guesses_used_up, biology_code, amara
):
    """Otherwise ten thousand accounts would have ten guesses each."""
    browser, (wrong,) = browser_at(HOME, amara), wrong_codes(1)
    assert join(browser, wrong).status_code == 422

    right, wrong = (join(browser, code) for code in (biology_code().code, wrong))

    assert seen(right) == seen(wrong)
    assert alerts(right) == [PAUSED]


@pytest.mark.rule("K3")
@pytest.mark.threat("T57")
def test_typing_errors_leave_a_record_clean(guesses_used_up, school, biology_code, amara):
    browser = browser_at(HOME, amara)
    for typed in ["BDK", "O" + biology_code().code[1:], biology_code().code[:-1]] * 4:
        assert join(browser, typed).status_code == 422

    assert join(browser, biology_code().code)["Location"] == school.path


@pytest.mark.threat("T57")
def test_at_school_everybody_goes_on(guesses_used_up, school, newcomer, biology_code):
    assert join(browser_at(SCHOOL, newcomer), biology_code().code)["Location"] == school.path
    assert sign_up(browser_at(SCHOOL), biology_code().code, "another").status_code == 302


def test_nothing_is_kept_of_what_was_refused(newcomer, biology_code):
    """No Code is kept for later, and there is no request that its sender doesn't see."""
    browser = browser_at(HOME, newcomer)
    before = as_json(Person.objects.get(pk=newcomer.pk))

    join(browser, biology_code().code)

    assert as_json(Person.objects.get(pk=newcomer.pk)) == before
    assert not newcomer.join_requests.exists()


def test_ten_minutes_later_it_is_as_before(newcomer, biology_code):
    time_passes(minutes=10)

    assert join(browser_at(HOME, newcomer), biology_code().code).status_code == 302
