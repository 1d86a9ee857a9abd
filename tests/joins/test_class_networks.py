"""A class's Code works in the networks where it is joined or taught, whatever others at the same address do."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import get_user
from django.utils import timezone

from accounts.models import User
from joins.models import ClassNetwork, Guess
from tests.clock import time_passes
from tests.factories import ClassroomFactory, StudentFactory, TeacherFactory
from tests.joins.guessing import (
    HOME,
    PAUSED,
    SCHOOL,
    SIGN_UP,
    TOO_MANY,
    browser_at,
    guessed_from,
    join,
    newcomer,
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
        with django_assert_num_queries(3):
            pages.append(sign_up(browser_at(SCHOOL), code))

    assert [(page.status_code, page["Retry-After"]) for page in pages] == [(429, "600")] * 2
    assert [page.context["form"].errors for page in pages] == [{"code": [TOO_MANY]}] * 2
    assert Guess.objects.count() == 60 + 2


@pytest.mark.threat("T17")
def test_a_form_that_makes_no_account_learns_nothing_there(
    school, network_at_its_limit, biology_code, django_assert_num_queries
):
    """Otherwise it could ask for any number of Codes, and nobody would see that it has found one. The rest of the form
    is checked as ever, so that a pupil can put it right and get in. Nothing is written."""
    pages = []
    for code in (biology_code().code, *wrong_codes(1)):
        with django_assert_num_queries(1):
            pages.append(
                browser_at(SCHOOL).post(SIGN_UP, newcomer("newcomer", code) | {"password1": "short"})
            )

    assert [page.status_code for page in pages] == [422] * 2
    assert [list(page.context["form"].errors) for page in pages] == [["password1"]] * 2
    assert sign_up(browser_at(SCHOOL), biology_code().code).status_code == 302


@pytest.mark.threat("T54")
def test_nor_whether_a_username_is_taken(school, network_at_its_limit, biology_code, amara):
    form = newcomer("amara", biology_code().code) | {"password1": "short"}

    assert list(browser_at(SCHOOL).post(SIGN_UP, form).context["form"].errors) == ["password1"]


@pytest.mark.threat("T17")
def test_who_goes_on_guessing_there_sounds_an_alarm_and_fills_no_table(
    school, network_at_its_limit, biology_code, caplog
):
    """Codes that are refused are counted too, until the alarm. The class's own Code goes on working."""
    operator = TeacherFactory(is_staff=True)
    codes = wrong_codes(70)
    for code in codes[:59]:
        sign_up(browser_at(SCHOOL), code)
    assert not operator.notifications.exists()

    for code in codes[59:]:
        assert sign_up(browser_at(SCHOOL), code).status_code == 429

    assert operator.notifications.get().sentence.startswith(
        "Codes are being guessed in the network of a school."
    )
    assert [line for line in caplog.messages if "guessed" in line] == [
        f"Codes are being guessed in the network {SCHOOL}, where classes meet"
    ]
    assert Guess.objects.count() == 120
    assert sign_up(browser_at(SCHOOL), biology_code().code).status_code == 302


@pytest.mark.threat("T17")
@pytest.mark.parametrize("typed", ["wrong", "right elsewhere"])
def test_a_new_account_has_ten_refused_tries_there_as_it_has_ten_wrong_codes(
    school, network_at_its_limit, biology_code, elsewhere, typed
):
    """Whether a refused Code was right isn't looked up, so the count doesn't tell either."""
    browser = browser_at(SCHOOL, StudentFactory())
    for code in wrong_codes(10) if typed == "wrong" else [elsewhere] * 10:
        join(browser, code)

    assert join(browser, biology_code().code).status_code == 429


@pytest.mark.rule("C4")
@pytest.mark.threat("T28")
def test_the_code_of_an_archived_class_is_refused_there_as_a_wrong_one_is(
    school, network_at_its_limit, biology_code, ms_okafor
):
    school.archive(by=ms_okafor)

    assert sign_up(browser_at(SCHOOL), biology_code().code).status_code == 429


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
