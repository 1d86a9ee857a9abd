"""A class's Code works in the networks where it is joined or taught, whatever others at the same address do."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import get_user
from django.utils import timezone

from accounts.models import User
from joins.models import ClassNetwork, Guess
from tests.clock import time_passes
from tests.factories import ClassroomFactory, StudentFactory
from tests.joins.guessing import (
    HOME,
    PAUSED,
    SCHOOL,
    TOO_MANY,
    browser_at,
    guessed_from,
    join,
    sign_up,
    wrong_codes,
)
from tests.log_in import log_in_elsewhere

pytestmark = [pytest.mark.django_db, pytest.mark.threat("T97")]


@pytest.fixture
def elsewhere(physics_code):
    """The Code of a class at another school."""
    return physics_code().code


@pytest.fixture
def network_at_its_limit(db):
    """One pupil at school has typed sixty wrong Codes, each in a fresh browser."""
    guessed_from([SCHOOL] * 60)


@pytest.fixture
def old_accounts_of_teachers(ms_okafor, mr_brandt):
    """The teachers' accounts are some days old."""
    User.objects.update(date_joined=timezone.now() - timedelta(days=3))


def logged_in_at(address, user):
    browser = log_in_elsewhere(user.username, REMOTE_ADDR=address)
    assert get_user(browser) == user
    return browser


@pytest.mark.threat("T17")
def test_the_code_of_a_class_that_is_joined_there_still_works_there(
    school, network_at_its_limit, biology_code
):
    assert sign_up(browser_at(SCHOOL), biology_code().code).status_code == 302
    assert join(browser_at(SCHOOL, StudentFactory()), biology_code().code)["Location"] == school.path


@pytest.mark.threat("T17")
def test_so_does_the_code_of_a_class_whose_teacher_has_logged_in_there(
    old_accounts_of_teachers, ms_okafor, biology_code, network_at_its_limit
):
    """Even if nobody has joined there before."""
    logged_in_at(SCHOOL, ms_okafor)

    assert sign_up(browser_at(SCHOOL), biology_code().code).status_code == 302


@pytest.mark.threat("T17")
def test_other_right_codes_are_refused_there_as_wrong_ones_are(
    school, network_at_its_limit, elsewhere, django_assert_num_queries
):
    """So only the Codes of classes that are taught there are left to guess."""
    pages = []
    for code in (elsewhere, *wrong_codes(1)):
        with django_assert_num_queries(1):
            pages.append(sign_up(browser_at(SCHOOL), code))

    assert [(page.status_code, page["Retry-After"]) for page in pages] == [(429, "600")] * 2
    assert [page.context["form"].errors for page in pages] == [{"code": [TOO_MANY]}] * 2
    assert Guess.objects.count() == 60


@pytest.mark.threat("T17")
def test_ten_wrong_codes_of_ones_own_stop_that_browser_all_the_same(school, biology_code):
    browser = browser_at(SCHOOL)
    for code in wrong_codes(10):
        sign_up(browser, code)

    assert sign_up(browser, biology_code().code).status_code == 429


@pytest.mark.threat("T18")
def test_a_month_without_anybody_there_ends_it(school, biology_code):
    time_passes(days=31)
    guessed_from([SCHOOL] * 60)

    assert sign_up(browser_at(SCHOOL), biology_code().code).status_code == 429


@pytest.mark.threat("T18")
def test_a_teachers_log_in_makes_a_network_known(guesses_used_up, biology_code, ms_okafor):
    assert sign_up(browser_at("203.0.113.4"), biology_code().code).context["form"].errors == {
        "code": [PAUSED]
    }

    logged_in_at("203.0.113.4", User.objects.get(pk=ms_okafor.pk))

    assert sign_up(browser_at("203.0.113.4"), biology_code().code).status_code == 302


@pytest.mark.threat("T17", "T18")
def test_being_there_does_so_too_without_a_log_in(old_accounts_of_teachers, biology, ms_okafor):
    """A laptop stays logged in on its way from home to school."""
    with time_machine.travel(timezone.now(), tick=False) as clock:
        browser = logged_in_at(HOME, ms_okafor)
        clock.shift(timedelta(minutes=6))
        browser.get("/", REMOTE_ADDR=SCHOOL)

    assert set(ClassNetwork.objects.values_list("network", "classroom")) == {
        (HOME, biology.pk),
        (SCHOOL, biology.pk),
    }


@pytest.mark.threat("T17")
def test_it_is_written_once_a_day(old_accounts_of_teachers, biology, ms_okafor, django_assert_num_queries):
    """The check is part of a statement that runs anyway."""
    ClassNetwork.objects.record_teacher(SCHOOL, ms_okafor)
    first = ClassNetwork.objects.get().seen_at

    with django_assert_num_queries(1):
        ClassNetwork.objects.record_teacher(SCHOOL, ms_okafor)
    assert ClassNetwork.objects.get().seen_at == first

    time_passes(days=1)
    ClassNetwork.objects.record_teacher(SCHOOL, ms_okafor)
    assert ClassNetwork.objects.get().seen_at >= first


@pytest.mark.threat("T18")
@pytest.mark.parametrize("person", ["amara", "mr_new"])
def test_a_pupils_log_in_and_a_new_teachers_make_nothing_known(
    request, person, biology, amara, mr_brandt, biology_code
):
    """Anybody can sign up as a teacher today."""
    join(browser_at(SCHOOL, amara), biology_code().code)
    ClassNetwork.objects.all().delete()
    ClassroomFactory(by=mr_brandt)

    logged_in_at(HOME, amara if person == "amara" else mr_brandt)

    assert not ClassNetwork.objects.exists()


@pytest.mark.threat("T17")
def test_only_classes_that_they_manage_and_that_are_open_are_taught_there(
    old_accounts_of_teachers, biology, physics, mr_brandt, ms_okafor, biology_code
):
    """A class in which they are only a plain member doesn't count."""
    join(browser_at(HOME, mr_brandt), biology_code().code)
    archived = ClassroomFactory(by=mr_brandt)
    archived.archive(by=mr_brandt)

    logged_in_at(SCHOOL, mr_brandt)

    assert list(ClassNetwork.objects.filter(network=SCHOOL).values_list("classroom", flat=True)) == [
        physics.pk
    ]


@pytest.mark.threat("T18")
def test_one_log_in_from_everywhere_makes_fifty_networks_known_and_no_more(
    old_accounts_of_teachers, physics, mr_brandt
):
    """Otherwise one account could make every network known."""
    for number in range(60):
        ClassNetwork.objects.record_teacher(f"10.0.0.{number}", mr_brandt)
    assert ClassNetwork.objects.count() == 50

    time_passes(days=1)
    ClassNetwork.objects.record_teacher("10.0.0.7", mr_brandt)
    assert ClassNetwork.objects.count() == 50


@pytest.mark.threat("T92")
def test_it_goes_with_its_class(school, ms_okafor):
    assert ClassNetwork.objects.exists()

    school.delete_class(by=ms_okafor)

    assert not ClassNetwork.objects.exists()
