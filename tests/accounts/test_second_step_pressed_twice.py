"""Setting up, renewing and removing two-step verification with two presses instead of one."""

import re
import time

import pytest
from allauth.mfa.signals import authenticator_added, authenticator_reset
from django.contrib.auth import get_user
from django.test import Client, RequestFactory

from accounts.models import Letter
from config.messages import UniqueMessageStorage
from tests.accounts.presses import ROUNDS, Page, before_the_answer, username_in, written_since
from tests.accounts.test_second_step import code
from tests.clock import time_passes
from tests.factories import PASSWORD
from tests.joins.races import run_together

STEP = "/accounts/second-step/"
pytestmark = [pytest.mark.django_db, pytest.mark.rule("J10"), pytest.mark.threat("T58")]


@pytest.fixture
def operator_here(operator, logged_in):
    return type_password_again(logged_in(operator))


def type_password_again(browser):
    Page(browser, "/accounts/reauthenticate/", password=PASSWORD, next="/").press()
    return browser


def set_up_page(browser):
    page = Page(browser, f"{STEP}set-up/")
    secret = browser.session["mfa.totp.secret"]
    page.fields["code"] = code(secret)
    return page, secret


def test_the_second_step_set_up_twice_is_set_up_once_and_shows_its_recovery_codes(operator_here, operator):
    """Even if the page after the first press has already been opened."""
    page, _ = set_up_page(operator_here)

    first = page.press()
    first_codes = recovery_codes(operator_here)
    second = page.press()

    assert first["Location"] == second["Location"] == f"{STEP}codes/"
    assert len(first_codes) == 10
    assert recovery_codes(operator_here) == first_codes
    assert operator.authenticator_set.count() == 2


def recovery_codes(browser):
    return re.findall(r"<li data-recovery-code>(\w+)</li>", browser.get(f"{STEP}codes/").content.decode())


def test_new_recovery_codes_asked_for_twice_are_the_same_and_are_shown(operator_here, operator):
    set_up_page(operator_here)[0].press()
    page = Page(operator_here, f"{STEP}codes/new/")

    page.press()
    first = recovery_codes(operator_here)
    page.press()
    second = recovery_codes(operator_here)

    assert len(first) == 10
    assert first == second
    assert recovery_codes(operator_here) == []


@pytest.mark.parametrize("seconds", [0, 60])
def test_the_second_step_taken_away_twice_is_gone(seconds, operator_here, operator):
    """There's no error page, neither now nor later."""
    set_up_page(operator_here)[0].press()
    page = Page(operator_here, f"{STEP}remove/")
    before = Letter.objects.count()

    first = page.press()
    time_passes(seconds=seconds)
    second = page.press()

    assert first["Location"] == second["Location"] == f"{STEP}"
    assert not operator.authenticator_set.exists()
    assert written_since(before) == 1


@pytest.mark.threat("T98")
def test_a_code_of_the_phone_pressed_twice_logs_in(operator_here, operator):
    """Although the code works only once."""
    page, secret = set_up_page(operator_here)
    page.press()
    browser = Client(enforce_csrf_checks=True)
    Page(browser, "/accounts/login/", login="operator", password=PASSWORD).press()
    page = Page(browser, f"{STEP}log-in/", code=code(secret, time.time() + 30))
    again = before_the_answer(browser)

    answers = [page.press(), page.press(again)]

    assert answers[0]["Location"] == answers[1]["Location"]
    assert username_in(browser) == username_in(again) == "operator"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["set up", "new codes", "taken away"])
def test_the_second_step_at_once(what, logged_in, operator):
    """This used to end in an error page."""
    for _ in ROUNDS:
        operator.authenticator_set.all().delete()
        browser = type_password_again(logged_in(operator))
        page, _ = set_up_page(browser)
        if what != "set up":
            page.press()
            page = Page(browser, f"{STEP}codes/new/" if what == "new codes" else f"{STEP}remove/")
        before, again = Letter.objects.count(), before_the_answer(browser)

        answers = run_together(page.press, lambda p=page, b=again: p.press(b))

        assert [answer.status_code for answer in answers] == [302, 302], answers
        assert answers[0]["Location"] == answers[1]["Location"]
        assert written_since(before) == 1
        assert operator.authenticator_set.count() == (0 if what == "taken away" else 2)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["set up", "new codes"])
def test_a_second_press_as_soon_as_the_first_is_committed_is_told_the_same(what, operator_here, operator):
    """Allauth only sends its signal shortly before the end of the request, after the database has committed."""
    page, _ = set_up_page(operator_here)
    if what == "new codes":
        page.press()
        page = Page(operator_here, f"{STEP}codes/new/")
    again, answers = before_the_answer(operator_here), []
    committed = {"set up": authenticator_added, "new codes": authenticator_reset}[what]

    def press_again(**_):
        if not answers:
            answers.append(page.press(again))

    committed.connect(press_again)
    page.press()

    assert [answer.status_code for answer in answers] == [302]
    assert said_in(again) == said_in(operator_here)
    assert "These are your new recovery codes. Write them down now." in said_in(again)


def said_in(browser):
    request = RequestFactory().get("/")
    request.user = get_user(browser)
    request.session, request.COOKIES["messages"] = browser.session, browser.cookies["messages"].value
    return [message.message for message in UniqueMessageStorage(request)]


@pytest.mark.django_db(transaction=True)
def test_two_pages_that_set_it_up_at_once_set_it_up_once(logged_in, operator):
    """The two pages use codes of different moments."""
    for _ in ROUNDS:
        operator.authenticator_set.all().delete()
        page, secret = set_up_page(type_password_again(logged_in(operator)))
        other = Page.__new__(Page)
        other.browser, other.url = before_the_answer(page.browser), page.url
        other.fields = page.fields | {"code": code(secret, time.time() + 30)}

        answers = run_together(page.press, other.press)

        assert [answer.status_code for answer in answers] == [302, 302], answers
        assert operator.authenticator_set.count() == 2
