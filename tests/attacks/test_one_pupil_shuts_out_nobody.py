"""A whole school uses one IP address, and one pupil there floods Homeroom.

The tests simulate ten minutes of flooding by sending all of its requests at once.
"""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.utils import timezone

from accounts.models import User
from tests.factories import StudentFactory
from tests.joins.guessing import SCHOOL, browser_at, join, sign_up, wrong_codes
from tests.log_in import log_in
from tests.mailbox import letters

pytestmark = [pytest.mark.django_db, pytest.mark.engine_free]
FORTY = 40


def at_school():
    return browser_at(SCHOOL)


@pytest.mark.threat("T56", "T97")
def test_a_known_device_gets_in_even_when_the_addresss_ceiling_is_reached(settings, amara, leo):
    """The limit of an address only stops strangers. A known device never counts towards it and is never stopped by
    it."""
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login_failed_by_strangers": "3/m/ip"}
    known = at_school()
    log_in(known, "amara")
    known.post("/accounts/logout/")
    for number in range(3):
        assert log_in(at_school(), f"nobody{number}", "wrong password").status_code == 422

    assert log_in(at_school(), "leo").status_code == 429
    log_in(known, "amara")

    assert get_user(known) == amara


@pytest.mark.threat("T97")
def test_a_right_password_uses_up_nothing_of_the_address(settings, amara):
    """A whole school that logs in on Monday morning is no flood."""
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login_failed_by_strangers": "3/m/ip"}

    assert [log_in(at_school(), "amara").status_code for _ in range(9)] == [302] * 9


@pytest.mark.threat("T54")
def test_with_one_code_taken_is_said_thirty_times_and_then_a_free_name_is_offered(biology_code, amara):
    code = biology_code().code
    pages = [sign_up(at_school(), code, "amara") for _ in range(31)]

    assert {page.status_code for page in pages[:30]} == {422}
    errors = pages[30].context["form"].errors.as_data()
    offered = errors["__all__"][0].params["username"]
    assert pages[30].status_code == 429
    assert list(errors) == ["__all__"]
    assert f"Try {offered}" in pages[30].content.decode()
    assert sign_up(at_school(), code, offered).status_code == 302


@pytest.fixture
def lessons_here(biology, ms_okafor):
    """Ms Okafor's account is some days old, and she has logged in at school."""
    User.objects.update(date_joined=timezone.now() - timedelta(days=3))
    log_in(at_school(), ms_okafor.username)


def flood(taken, code):
    """Wrong passwords, wrong Codes and taken names in turn, from browsers that keep no cookie, until all limits of the
    address and of the Code are reached."""
    for number, wrong in enumerate(wrong_codes(62)):
        log_in(at_school(), f"nobody{number}", "wrong password")
        answers = [
            log_in(at_school(), taken, "wrong password"),
            sign_up(at_school(), wrong, f"flooder{number}"),
            sign_up(at_school(), code, taken),
        ]
    assert [answer.status_code for answer in answers] == [429] * 3


@pytest.mark.threat("T17", "T54", "T56", "T57", "T97")
def test_forty_pupils_log_in_and_sign_up_while_one_floods_all_doors_at_once(
    lessons_here, biology, biology_code, amara
):
    """They use the Code of their class, which is taught at this address. Pupils with an old account log in on a device
    that is new to them, and a known device gets in."""
    biology.edit(by=biology.owner, expected_size=2 * FORTY)
    known = at_school()
    log_in(known, "amara")
    known.post("/accounts/logout/")
    old = StudentFactory.create_batch(FORTY, date_joined=timezone.now() - timedelta(days=3))
    flood("amara", biology_code().code)

    for number in range(FORTY):
        sign_up(at_school(), biology_code().code, f"grace{number}")
        browser = at_school()
        log_in(browser, old[number].username)
        join(browser, biology_code().code)
    log_in(known, "amara")

    assert get_user(known) == amara
    assert biology.memberships.filter(user__username__startswith="grace").count() == FORTY
    assert biology.memberships.filter(user__in=old).count() == FORTY


def ask_for_a_link(browser, email):
    return browser.post("/accounts/password/reset/", {"email": email})


@pytest.mark.threat("T97", "T35")
def test_a_flood_of_requests_for_new_passwords_keeps_no_teacher_from_theirs(settings, ms_okafor):
    """Nor does it write to many strangers: after some, addresses without an account get no mail."""
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"unknown_account_mails": "30/d/ip"}
    for number in range(40):
        assert ask_for_a_link(at_school(), f"nobody{number}@school.example").status_code == 302

    assert ask_for_a_link(at_school(), ms_okafor.email).status_code == 302
    assert len(letters()) == 31
    assert ms_okafor.email in [to for letter in letters() for to in letter.to]


@pytest.mark.threat("T97", "T35")
def test_nor_does_a_flood_of_requests_for_the_teachers_own_address(ms_okafor):
    """Strangers may request five mails an hour to an address; a known device has five of its own."""
    known = at_school()
    log_in(known, ms_okafor.username)
    known.post("/accounts/logout/")
    flood = [ask_for_a_link(at_school(), ms_okafor.email).status_code for _ in range(9)]
    assert (flood[:5], set(flood[5:])) == ([302] * 5, {429})

    assert ask_for_a_link(known, ms_okafor.email).status_code == 302
    assert len(letters()) == 6


@pytest.mark.threat("T97")
def test_nor_does_a_flood_from_the_address_of_the_school(settings, ms_okafor):
    """The limit of an address only stops strangers, as at the log-in."""
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"reset_password_by_strangers": "3/m/ip"}
    known = at_school()
    log_in(known, ms_okafor.username)
    known.post("/accounts/logout/")
    flood = [ask_for_a_link(at_school(), f"nobody{n}@school.example").status_code for n in range(4)]
    assert flood == [302, 302, 302, 429]

    assert ask_for_a_link(known, ms_okafor.email).status_code == 302
