"""What was typed into a sign-up isn't lost because somebody logs in or out in another tab meanwhile."""

import re

import pytest
from django.contrib.auth import get_user
from django.test import Client

from accounts.models import User
from tests.factories import PASSWORD
from tests.hooks import alerts, page_text
from tests.joins.test_sign_up_with_code import GRACE
from tests.log_in import LOG_IN, log_in

URL = "/accounts/signup/student/"
pytestmark = [pytest.mark.django_db, pytest.mark.engine_free]


@pytest.fixture
def browser():
    return Client(enforce_csrf_checks=True, headers={"origin": "http://testserver"})


def token(page):
    return {
        "csrfmiddlewaretoken": re.search(r'name="csrfmiddlewaretoken" value="([^"]+)', page.content.decode())[
            1
        ]
    }


@pytest.mark.rule("J11")
@pytest.mark.threat("T84")
def test_the_form_comes_back_filled_in_without_the_password_and_works(browser, biology_code, amara):
    old = GRACE | {"code": biology_code().code} | token(browser.get(URL))
    log_in(browser, "amara", **token(browser.get(LOG_IN)))
    page = browser.post(URL, old)

    assert page.status_code == 403
    assert "Amara Toure is logged in here now." in alerts(page)[0]
    assert [name in page.content.decode() for name in ("grace", "Tan", "plain words")] == [True, True, False]

    browser.post("/accounts/logout/", token(page))
    page = browser.post(URL, old)  # Amara's tab has been logged out, and this one is still the old page
    assert page.status_code == 403
    answer = browser.post(URL, old | token(page))
    assert answer.status_code == 302
    assert get_user(browser) == User.objects.get(username="grace")


@pytest.mark.rule("J11")
@pytest.mark.parametrize("path", [URL, "/accounts/login/"])
def test_pressed_again_while_the_other_is_still_logged_in_it_is_kept(path, browser, biology_code, amara):
    """The page names who is logged in, and a child presses its button at once."""
    typed = GRACE | {"code": biology_code().code, "login": "grace", "password": PASSWORD}
    old = token(browser.get(path))
    log_in(browser, "amara", **token(browser.get(LOG_IN)))
    page = browser.post(path, typed | old)

    page = browser.post(path, typed | token(page))

    assert page.status_code == 403
    assert "Amara Toure is logged in here now." in alerts(page)[0]
    assert 'value="grace"' in page.content.decode()
    assert PASSWORD not in page.content.decode()
    assert get_user(browser) == amara
    assert not User.objects.filter(username="grace").exists()


@pytest.mark.rule("A9", "J10")
def test_a_second_press_after_the_first_has_logged_in_leads_on(browser, biology_code):
    """The browser has the new cookies, but the page is still the old one."""
    page = browser.get(URL)
    key = re.search(r'name="form_key" value="([^"]+)"', page.content.decode())[1]
    typed = GRACE | {"code": biology_code().code, "form_key": key} | token(page)

    answers = [browser.post(URL, typed) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 303]
    assert "You're in Biology 9B." in page_text(browser.get(answers[1]["Location"]))
    assert get_user(browser).username == "grace"


@pytest.mark.threat("T74")
def test_from_elsewhere_nothing_is_filled_in(browser):
    page = browser.post(URL, GRACE | token(browser.get(URL)), headers={"Origin": "https://evil.example"})

    assert page.status_code == 403
    assert "grace" not in page.content.decode()


@pytest.mark.rule("J10")
@pytest.mark.parametrize("login", ["Amara", "amara.", "amara\u200b"])
def test_the_log_in_pressed_again_after_the_first_press_leads_on(browser, amara, login):
    """The browser has the new cookies, but the page is still the old one. Neither a dot nor an unseen mark matters."""
    typed = {"login": login, "password": PASSWORD} | token(browser.get("/accounts/login/"))

    answers = [browser.post("/accounts/login/", typed) for _ in range(2)]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, "/"), (303, "/")]
    assert get_user(browser) == amara


@pytest.mark.threat("T49")
def test_a_log_in_page_that_is_older_than_another_tabs_log_in_says_who_is_here(browser, amara, leo):
    """Nobody is silently logged in as somebody else."""
    old = {"login": "leo", "password": PASSWORD} | token(browser.get("/accounts/login/"))
    log_in(browser, "amara", **token(browser.get(LOG_IN)))

    page = browser.post("/accounts/login/", old)

    assert page.status_code == 403
    assert "Amara Toure is logged in here now." in alerts(page)[0]
    assert 'value="leo"' in page.content.decode()
    assert PASSWORD not in page.content.decode()
