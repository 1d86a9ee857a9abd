"""What people who aren't logged in make the site store is bounded, and nobody is refused because of that.

Each request here comes without cookies, as a flood does. So each would get a session of its own.
"""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts.models import AnonymousSessions, FormSubmission, Session, anonymous_sessions
from joins.models import JoinRequest
from privacy.tasks import forget
from tests.accounts.test_sign_up_teacher import ADA
from tests.factories import PASSWORD
from tests.hooks import page_text, pop_ups
from tests.joins.guessing import HOME, SCHOOL, browser_at, join, sign_up, wrong_codes
from tests.log_in import log_in

FORGOTTEN, STUDENT = "/accounts/password/reset/", "/accounts/signup/student/"
CODE_NOT_SAVED = "So many people are joining right now that we couldn't save the Code. Type it here again"
PRESS_NOT_SAVED = "So many people are joining right now that we couldn't save your press"
pytestmark = [pytest.mark.django_db, pytest.mark.threat("T97")]


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(anonymous_sessions, "MOST_OF_NETWORK", 40)
    monkeypatch.setattr(anonymous_sessions, "MOST_OF_ALL", 60)


@pytest.fixture(autouse=True)
def middle_of_an_hour():
    """So that no test is in two hours, each of which has its counts."""
    with time_machine.travel(timezone.now().replace(minute=30)):
        yield


@pytest.fixture
def flood(few, biology):
    """flood("192.0.2.1", 200) -> the answers to that many presses, by the three ways that store something."""
    code, path = wrong_codes(1)[0], biology.join_url.path

    def press(number, address):
        browser = browser_at(address)
        if number % 3 == 0:
            return join(browser, code)
        if number % 3 == 1:
            return browser.post(path)
        return browser.post(f"{FORGOTTEN}?next=/classes/", {"email": f"nobody{number}@school.example"})

    return lambda address, how_many: [press(number, address) for number in range(how_many)]


def test_two_hundred_presses_from_one_network_store_forty_rows(flood):
    answers = flood(SCHOOL, 200)

    assert {answer.status_code for answer in answers} == {302}
    assert Session.objects.count() == 40


def test_all_networks_together_have_a_bound_too(flood):
    for number in range(10):
        flood(f"192.0.2.{number}", 20)

    assert Session.objects.count() == 60
    assert AnonymousSessions.objects.count() == 3


def test_another_network_notices_nothing(flood):
    flood(SCHOOL, 60)

    browser_at(HOME).post(STUDENT)
    assert Session.objects.count() == 40
    join(browser_at(HOME), wrong_codes(1)[0])
    assert Session.objects.count() == 41


@pytest.mark.rule("J6")
def test_the_next_pupil_types_the_code_again_and_is_in(flood, biology, biology_code):
    flood(SCHOOL, 60)
    browser = browser_at(SCHOOL)

    page = browser.post("/join/", {"code": biology_code().code}, follow=True)

    assert page.redirect_chain == [(STUDENT, 302)]
    assert CODE_NOT_SAVED in page_text(page)
    sign_up(browser, biology_code().code)
    assert biology.memberships.filter(user__username="newcomer").exists()


@pytest.mark.rule("J6")
def test_whoever_pressed_ask_to_join_is_led_back_to_the_button(flood, biology, amara):
    flood(SCHOOL, 60)
    browser = browser_at(SCHOOL)

    page = browser.post(biology.join_url.path, follow=True)
    assert PRESS_NOT_SAVED in page_text(page)
    page = browser.post(
        page.redirect_chain[-1][0],
        {"login": "amara", "password": PASSWORD, "next": biology.join_url.path},
    )
    assert page["Location"] == biology.join_url.path

    assert "You have asked to join Biology 9B" in pop_ups(browser.post(page["Location"], follow=True))[0]
    assert JoinRequest.objects.get().user == amara


@pytest.mark.rule("J6")
def test_a_browser_that_has_a_row_uses_it(flood, biology, biology_code, amara):
    browser = browser_at(SCHOOL)
    browser.post(biology.join_url.path)
    flood(SCHOOL, 60)

    for _ in range(50):
        join(browser, biology_code().code)
        browser.post(FORGOTTEN, {"email": "nobody@school.example"})
        browser.post(biology.join_url.path)
    log_in(browser, "amara")

    assert JoinRequest.objects.get().user == amara
    assert Session.objects.count() == 40


def test_a_cookie_of_no_session_counts_as_none(flood):
    flood(SCHOOL, 60)
    browser = browser_at(SCHOOL)
    browser.cookies["sessionid"] = "x" * 32

    join(browser, wrong_codes(1)[0])

    assert Session.objects.count() == 40


def test_an_hour_later_the_network_may_store_again(flood):
    flood(SCHOOL, 60)

    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        join(browser_at(SCHOOL), wrong_codes(1)[0])

    assert Session.objects.count() == 41


@pytest.mark.threat("T92")
def test_the_counts_are_deleted(flood):
    flood(SCHOOL, 3)
    forget()
    assert SCHOOL not in str(AnonymousSessions.objects.values().get())

    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        forget()

    assert not AnonymousSessions.objects.exists()


def test_counting_is_one_statement_and_only_for_a_new_row(client, biology, count_queries):
    """The others: the Join URL with its class, the class's managers, and the session with SAVEPOINT and RELEASE."""
    with count_queries(6):
        client.post(biology.join_url.path)
    with count_queries(6):  # the row is read now
        client.post(biology.join_url.path)


def test_nobody_logged_in_is_counted(amaras_browser, biology):
    amaras_browser.post(biology.join_url.path)
    log_in(Client(), "amara")

    assert not AnonymousSessions.objects.exists()


@pytest.mark.threat("T68")
@pytest.mark.parametrize("length", [2_000, 60_000])
@pytest.mark.parametrize(
    ("path", "fields"), [(FORGOTTEN, {"email": "ana@school.example"}), ("/accounts/signup/teacher/", ADA)]
)
def test_no_row_is_long(client, mail_server, path, fields, length):
    """Both keep the page where somebody wanted to go. Django takes no longer one for a safe page."""
    client.post(path, fields | {"next": "/" + get_random_string(length)})

    assert len(Session.objects.get().session_data) < 3_000


def new_browser(biology):
    return browser_at(SCHOOL)


def browser_with_a_cookie_of_no_session(biology):
    browser = browser_at(SCHOOL)
    browser.cookies["sessionid"] = "x" * 32
    return browser


def browser_that_has_asked_to_join(biology):
    browser = browser_at(SCHOOL)
    browser.post(biology.join_url.path)
    return browser


@pytest.mark.parametrize(
    "browser_of", [new_browser, browser_with_a_cookie_of_no_session, browser_that_has_asked_to_join]
)
@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/accounts/logout/", 1),  # the first one ends the session that there is
        ("/accounts/confirm-email/", 0),
        ("/accounts/second-step/log-in/", 0),
    ],
)
def test_a_press_that_does_nothing_leaves_no_row(biology, mail_server, browser_of, path, most):
    browser = browser_of(biology)

    answers = [browser.post(path, {"code": number}) for number in range(10)]

    assert {answer.status_code for answer in answers} == {302}
    assert FormSubmission.objects.count() <= most


def test_requests_for_a_new_password_leave_no_more_rows_than_sessions(few):
    answers = [
        browser_at(SCHOOL).post(FORGOTTEN, {"email": f"nobody{number}@school.example"})
        for number in range(60)
    ]

    assert {answer.status_code for answer in answers} == {302}
    assert FormSubmission.objects.count() == Session.objects.count() == 40
