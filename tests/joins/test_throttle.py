"""After too many wrong Codes people have to wait. Typing errors and right Codes don't count."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from classroom.models import Membership
from joins.models import ClassNetwork, Guess
from tests.clock import time_passes
from tests.factories import ClassroomFactory, StudentFactory
from tests.hooks import alerts, hooks
from tests.joins.guessing import (
    HOME,
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
from tests.log_in import log_in

pytestmark = pytest.mark.django_db
WRONG = (
    "No open class has this Code. Check it, or ask your teacher if it has changed or the class has closed."
)


@pytest.fixture
def old(amara, leo):
    """Amara's and Leo's accounts are some days old."""
    User.objects.update(date_joined=timezone.now() - timedelta(days=3))
    amara.refresh_from_db()
    leo.refresh_from_db()


@pytest.mark.threat("T17")
def test_the_eleventh_wrong_code_of_an_account_waits_whatever_it_is(old, amara, biology_code):
    """The page says when to come back, and still has what was typed."""
    browser = browser_at(SCHOOL, amara)
    answers = [join(browser, code) for code in wrong_codes(10)]
    assert {(answer.status_code, *alerts(answer)) for answer in answers} == {(422, WRONG)}

    page = join(browser, biology_code().code)

    assert (page.status_code, page["Retry-After"], alerts(page)) == (429, "600", [TOO_MANY])
    assert hooks(page, "value")[-1] == biology_code().code
    assert not Membership.objects.filter(user=amara).exists()


@pytest.mark.threat("T17")
def test_another_browser_of_the_same_account_waits_too(old, amara, biology_code):
    for code in wrong_codes(10):
        join(browser_at(SCHOOL, amara), code)

    assert join(browser_at("203.0.113.5", amara), biology_code().code).status_code == 429


@pytest.mark.threat("T17")
def test_somebody_signed_out_waits_after_ten(biology_code):
    browser = browser_at(SCHOOL)
    assert {sign_up(browser, code).status_code for code in wrong_codes(10)} == {422}

    page = sign_up(browser, biology_code().code)

    assert (page.status_code, page["Retry-After"]) == (429, "600")
    assert page.context["form"].errors == {"code": [TOO_MANY]}
    assert "newcomer" in hooks(page, "value")
    assert sign_up(browser_at(SCHOOL), biology_code().code).status_code == 302


@pytest.mark.threat("T17")
def test_try_again_sends_what_was_typed_once_more(biology_code):
    browser = browser_at(SCHOOL)
    for code in wrong_codes(10):
        sign_up(browser, code)
    page = sign_up(browser, biology_code().code)
    typed = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.content.decode()))

    time_passes(minutes=10)

    assert "Try again" in page.content.decode()
    assert browser.post(SIGN_UP, typed).status_code == 302
    assert Membership.objects.filter(user__username="newcomer").exists()


@pytest.mark.threat("T17")
def test_other_errors_keep_the_form_open_while_somebody_waits(biology_code):
    """All that is wrong is said in one round, also then."""
    browser = browser_at(SCHOOL)
    for code in wrong_codes(10):
        sign_up(browser, code)

    typed = newcomer("newcomer", biology_code().code) | {"password1": "short"}
    page = browser.post(SIGN_UP, typed)

    assert page.status_code == 429
    assert set(page.context["form"].errors) == {"code", "password1"}
    assert 'type="password"' in page.content.decode()


@pytest.mark.threat("T17", "T21")
def test_a_code_kept_through_the_log_in_counts_for_the_account(client, old, amara, biology_code):
    for code in [*wrong_codes(10), biology_code().code]:
        join(client, code)
        log_in(client, "amara")
        page = join(client, code)  # the page after the log-in has it in its field (J11)
        client.post("/accounts/logout/")

    assert TOO_MANY in page.content.decode()
    assert not Membership.objects.filter(user=amara).exists()


@pytest.mark.threat("T17")
def test_ten_minutes_later_all_is_well(old, amara, biology_code):
    browser = browser_at(SCHOOL, amara)
    for code in wrong_codes(10):
        join(browser, code)
    time_passes(minutes=9)
    assert join(browser, biology_code().code).status_code == 429

    time_passes(minutes=1)

    assert join(browser, biology_code().code).status_code == 302


@pytest.mark.threat("T18", "T57")
def test_typing_errors_count_nowhere_nor_a_retired_code_where_its_class_meets(
    old, school, amara, biology_code, ms_okafor
):
    """People can make any number of both."""
    retired = biology_code().code
    biology_code().reset(by=ms_okafor)
    browser, stranger = browser_at(SCHOOL, amara), browser_at(SCHOOL)
    for typed in ["BDK", "O" + retired[1:], retired[:-1], retired] * 4:
        join(browser, typed)
        sign_up(stranger, typed)

    assert not Guess.objects.exists()
    assert join(browser, biology_code().code).status_code == 302
    assert sign_up(stranger, biology_code().code).status_code == 302


@pytest.mark.rule("K8", "C4")
@pytest.mark.threat("T18", "T28")
@pytest.mark.parametrize("typed", ["retired", "archived", "never issued"])
def test_elsewhere_the_count_tells_no_retired_code_from_one_that_never_was(
    school, biology_code, ms_okafor, typed
):
    browser, code = browser_at(HOME), biology_code().code
    if typed == "retired":
        biology_code().reset(by=ms_okafor)
    elif typed == "archived":
        school.archive(by=ms_okafor)
    else:
        code = wrong_codes(10)[9]
    for wrong in wrong_codes(9):
        sign_up(browser, wrong)

    answers = [sign_up(browser, typed).status_code for typed in (code, *wrong_codes(1))]

    assert answers == [422, 429]


@pytest.mark.rule("C4")
@pytest.mark.threat("T18")
def test_a_code_of_an_archived_class_is_none_that_is_guessed_where_it_met(school, biology_code, ms_okafor):
    school.archive(by=ms_okafor)

    assert sign_up(browser_at(SCHOOL), biology_code().code).status_code == 422
    assert not Guess.objects.exists()


@pytest.mark.threat("T22")
def test_a_known_good_code_in_between_resets_nothing(old, amara):
    browser = browser_at(SCHOOL, amara)
    for wrong in wrong_codes(10):
        right = ClassroomFactory().join_codes.get().code
        assert join(browser, right).status_code == 302
        assert join(browser, wrong).status_code == 422

    assert join(browser, ClassroomFactory().join_codes.get().code).status_code == 429


@pytest.mark.threat("T22", "T93")
def test_deleting_the_account_resets_nothing(biology_code):
    """The count belongs to no account."""
    mule, code = browser_at(SCHOOL), biology_code().code
    sign_up(mule, code, "mule")
    for wrong in wrong_codes(10):
        join(mule, wrong)

    mule.post("/accounts/reauthenticate/", {"password": "seven green apples"})
    mule.post("/accounts/data/delete/", {"username": "mule"})

    assert not User.objects.filter(username="mule").exists()
    assert list(Guess.objects.values_list("account", flat=True)) == [None] * 10


@pytest.mark.threat("T17", "T57")
def test_sixty_from_one_network_stop_who_is_signed_out_or_new_there_and_nobody_else(
    old, amara, biology_code, settings
):
    """Accounts that are logged in and have typed no wrong Codes can always continue."""
    for code in wrong_codes(60):
        assert sign_up(browser_at(SCHOOL), code).status_code == 422
    code, new = biology_code().code, StudentFactory(username="new")

    assert sign_up(browser_at(SCHOOL), code).status_code == 429
    assert join(browser_at(SCHOOL, new), code).status_code == 429
    assert join(browser_at(SCHOOL, amara), code).status_code == 302
    assert sign_up(browser_at("192.0.2.2"), code).status_code == 302


@pytest.mark.threat("T17")
def test_when_a_limit_is_reached_nothing_more_is_written(old, amara):
    """So an attack costs a limited number of rows."""
    browser = browser_at(SCHOOL, amara)
    for code in wrong_codes(12):
        join(browser, code)
    guessed_from(["192.0.2.2"] * 59)
    for code in wrong_codes(3):
        sign_up(browser_at("192.0.2.2"), code)

    assert Guess.objects.count() == 10 + 60


@pytest.mark.threat("T57")
def test_pupils_behind_one_address_with_a_typo_each_all_get_in(biology_code):
    """The worst kind of typo is one that the check letter doesn't catch."""
    guessed_from([SCHOOL] * 30)
    code, slips = biology_code().code, wrong_codes(10)
    statuses = []

    for number, slip in enumerate(slips):
        browser = browser_at(SCHOOL)
        sign_up(browser, code[:-1], f"pupil-{number}")
        sign_up(browser, slip, f"pupil-{number}")
        statuses.append(sign_up(browser, code, f"pupil-{number}").status_code)

    assert statuses == [302] * 10
    assert Membership.objects.filter(code=code, role="member").count() == 10


@pytest.mark.threat("T18")
def test_a_right_code_writes_once_a_day_that_its_class_is_joined_from_there(amara, leo, biology_code):
    join(browser_at(SCHOOL, amara), biology_code().code)
    first = ClassNetwork.objects.get(network=SCHOOL).seen_at
    join(browser_at(SCHOOL, leo), biology_code().code)
    assert ClassNetwork.objects.get().seen_at == first

    time_passes(days=2)
    sign_up(browser_at(SCHOOL), biology_code().code)

    assert ClassNetwork.objects.get().seen_at > first
