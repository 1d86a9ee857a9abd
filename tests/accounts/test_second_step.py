"""The admin is only open to operators who have completed two-step verification in this session."""

import importlib
import time

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth import get_user
from django.test import Client

from config import urls
from tests.accounts.presses import Page
from tests.accounts.test_session_ends import ENDS
from tests.clock import time_passes
from tests.factories import PASSWORD
from tests.hooks import alerts, page_text
from tests.log_in import log_in, log_in_elsewhere

pytestmark = [pytest.mark.django_db, pytest.mark.engine_free]
SET_UP = "/accounts/second-step/set-up/"
CODES = "/accounts/second-step/codes/"


def type_password_again(browser):
    """Type the password once more."""
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": SET_UP})
    return browser


def code(secret, at=None):
    return format_hotp_value(hotp_value(secret, int((at or time.time()) // 30)))


@pytest.fixture
def set_up(operator):
    """A browser in which the operator has just set up two-step verification, and its secret."""
    browser = type_password_again(log_in_elsewhere("operator"))
    secret = browser.get(SET_UP).context["form"].secret
    browser.answer = browser.post(SET_UP, {"code": code(secret)})
    return browser, secret


@pytest.mark.threat("T58")
def test_with_a_password_alone_the_way_leads_to_the_second_step(operator):
    way = type_password_again(log_in_elsewhere("operator")).get("/admin/", follow=True).redirect_chain

    assert way[-1][0] == f"{SET_UP}?next=/admin/"
    assert not Client().get("/admin/", follow=True).redirect_chain[-1][0].startswith(SET_UP)


@pytest.mark.threat("T58")
def test_once_set_up_the_recovery_codes_are_shown_and_the_admin_opens(set_up):
    browser, _ = set_up
    assert browser.answer["Location"] == CODES

    assert len(browser.get(CODES).context["unused_codes"]) == 10
    assert browser.get("/admin/").status_code == 200


def test_recovery_codes_are_shown_once(set_up):
    browser, _ = set_up
    [first, *_] = browser.get(CODES).context["unused_codes"]

    assert first not in browser.get(CODES).content.decode()


@pytest.mark.threat("T58")
def test_a_wrong_code_sets_nothing_up(operator):
    browser = type_password_again(log_in_elsewhere("operator"))
    browser.get(SET_UP)

    answer = browser.post(SET_UP, {"code": "000000"})

    assert answer.status_code == 422
    assert "This code is wrong, too old or used already." in answer.content.decode()
    assert browser.get("/admin/").status_code == 302


@pytest.mark.threat("T58")
def test_after_five_wrong_codes_the_set_up_says_how_long_to_wait(operator):
    browser = type_password_again(log_in_elsewhere("operator"))
    browser.get(SET_UP)
    for number in range(5):
        browser.post(SET_UP, {"code": f"00000{number}"})

    answer = browser.post(SET_UP, {"code": "000005"})

    assert alerts(answer) == ["Too many tries. Wait five minutes, then try again."]


@pytest.mark.threat("T58")
def test_from_then_on_the_log_in_asks_for_the_code(set_up):
    _, secret = set_up
    browser = log_in_elsewhere("operator")
    assert browser.answer["Location"] == "/accounts/second-step/log-in/"
    assert not get_user(browser).is_authenticated

    browser.post(browser.answer["Location"], {"code": code(secret, time.time() + 30)})

    assert get_user(browser).username == "operator"
    assert browser.get("/admin/").status_code == 200


def test_what_is_unseen_in_a_pasted_code_does_not_count(set_up):
    _, secret = set_up
    browser = log_in_elsewhere("operator")

    browser.post(browser.answer["Location"], {"code": f"\u200b{code(secret, time.time() + 30)}\u200e"})

    assert get_user(browser).username == "operator"


@pytest.mark.threat("T51", "T58")
@pytest.mark.parametrize(
    ("asked_for", "leads_to"),
    [
        ("/admin/", "/admin/"),
        ("/admin/login/?next=/admin/accounts/user/", "/admin/accounts/user/"),
        ("/admin/login/?next=https://evil.example/", "/admin/"),
    ],
)
def test_logged_out_one_code_opens_the_page_that_was_asked_for(set_up, asked_for, leads_to):
    """A code works only once, so a second question would keep the operator waiting for the next one."""
    _, secret = set_up
    browser = Client()
    log_in_page = browser.get(asked_for, follow=True)
    log_in(browser, "operator", next=log_in_page.context["redirect_field_value"])

    fields = {"code": code(secret, time.time() + 30)}
    answer = browser.post("/accounts/second-step/log-in/", fields, follow=True)

    assert (answer.request["PATH_INFO"], answer.status_code) == (leads_to, 200)


@pytest.mark.threat("T60")
@pytest.mark.parametrize("end", ["another password", "logged out everywhere"])
def test_what_ends_every_session_ends_a_log_in_half_way(set_up, operator, sign_in, end):
    """A thief may have the password, and the phone too."""
    thief = log_in_elsewhere("operator")

    ENDS[end](operator, sign_in)
    thief.answer = thief.post(thief.answer["Location"], {"code": code(set_up[1], time.time() + 30)})

    assert thief.answer["Location"] == "/accounts/login/"
    assert alerts(thief.get("/accounts/login/"))[0].startswith(
        "This log-in has ended. Type your password again"
    )
    assert not get_user(thief).is_authenticated


@pytest.mark.threat("T58", "T55")
def test_a_thief_with_the_password_guesses_a_hundred_codes_and_no_more(set_up, operator, settings):
    """The limit is six in this test, however long it takes. Choosing a new password lets the owner in."""
    few = {"login_failed_in_a_row": "6/d/key", "login_failed": "50/5m/key"}
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | few
    tried = lambda browser, digits: browser.post(browser.answer["Location"], {"code": digits})  # noqa: E731
    right = code(set_up[1], time.time() + 30)

    assert [tried(log_in_elsewhere("operator"), "000000").status_code for _ in range(6)] == [422] * 6
    refused = tried(log_in_elsewhere("operator"), right)
    assert "Too many wrong codes in a row." in refused.content.decode()
    assert (refused.status_code, refused["Retry-After"]) == (429, "86400")

    operator.replace_password("nine green apples and a pear")
    operator.clear_one_time_password()
    assert tried(log_in_elsewhere("operator", "nine green apples and a pear"), right).status_code == 302


@pytest.mark.threat("T98")
@pytest.mark.parametrize("where", ["at the log-in", "once more"])
def test_a_code_of_the_phone_works_once_as_long_as_it_would_be_accepted(set_up, where):
    """From thirty seconds before its period to thirty seconds after it."""
    browser, secret = set_up
    begins = (time.time() // 30 + 10) * 30
    digits = code(secret, begins)

    def accepted(moment):
        time_passes(seconds=31)  # otherwise it would count as a second press of the same form (J10)
        with time_machine.travel(moment, tick=False):
            if where == "at the log-in":
                fresh = log_in_elsewhere("operator")
                fresh.post(fresh.answer["Location"], {"code": digits})
                return get_user(fresh).is_authenticated
            answer = browser.post("/accounts/second-step/again/", {"code": digits, "next": "/"})
            return answer.status_code == 302

    assert accepted(begins - 29)
    assert [accepted(begins + later) for later in (-1, 1, 29, 31, 59)] == [False] * 5


@pytest.mark.threat("T98")
def test_the_code_that_set_it_up_logs_nobody_in(operator):
    """Somebody who saw it on the screen may know the password, too."""
    browser = type_password_again(log_in_elsewhere("operator"))
    secret = browser.get(SET_UP).context["form"].secret
    digits = code(secret)
    browser.post(SET_UP, {"code": digits})

    other = log_in_elsewhere("operator")
    assert other.post(other.answer["Location"], {"code": digits}).status_code == 422
    assert not get_user(other).is_authenticated


@pytest.mark.threat("T58", "T88")
def test_a_recovery_code_works_once(set_up):
    recovery = set_up[0].get(CODES).context["unused_codes"][0]

    def tried():
        browser = log_in_elsewhere("operator")
        return browser, browser.post(browser.answer["Location"], {"code": recovery})

    assert get_user(tried()[0]).is_authenticated
    browser, answer = tried()
    assert not get_user(browser).is_authenticated
    assert "used already" in alerts(answer)[0]


@pytest.mark.threat("T58", "T59")
def test_a_session_from_before_shows_the_code_first(set_up, operator):
    """Such a session may be stolen."""
    old = Client()
    old.force_login(operator)

    assert old.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/accounts/second-step/again/")


@pytest.mark.threat("T58", "T59")
@pytest.mark.parametrize("page", [CODES, f"{CODES}new/", "/accounts/second-step/remove/", SET_UP])
def test_a_password_alone_shows_no_recovery_code_and_takes_nothing_away(set_up, operator, page):
    old = Client()
    old.force_login(operator)
    old.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": page})

    for answer in (old.get(page), old.post(page)):
        assert answer["Location"] == f"/accounts/second-step/again/?next={page}"
    assert operator.authenticator_set.count() == 2


def test_who_takes_the_second_step_away_shuts_the_admin(set_up):
    browser, _ = set_up

    browser.post("/accounts/second-step/remove/")

    assert browser.get("/admin/").status_code == 302


@pytest.mark.threat("T55", "T58")
def test_guessing_codes_ends_after_five(set_up):
    browser = log_in_elsewhere("operator")
    answers = [browser.post(browser.answer["Location"], {"code": "000000"}) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [422] * 5 + [429]


@pytest.mark.parametrize("page", ["", "set-up/", "again/", "codes/", "codes/new/", "remove/"])
@pytest.mark.parametrize("person", ["ms_okafor", "amara"])
def test_nobody_else_has_these_pages(request, sign_in, person, page):
    assert sign_in(request.getfixturevalue(person)).get(f"/accounts/second-step/{page}").status_code == 403


@pytest.mark.threat("T58")
def test_where_the_admin_is_off_there_is_none(operator, sign_in, settings):
    """At the public host name."""
    settings.ADMIN_OFF = True
    importlib.reload(urls)
    routes = [str(pattern.pattern) for pattern in urls.urlpatterns]
    settings.ADMIN_OFF = False
    importlib.reload(urls)

    assert "admin/" not in routes
    assert "admin/" in [str(pattern.pattern) for pattern in urls.urlpatterns]


def test_the_key_scanned_in_one_tab_stays_while_another_is_opened(operator):
    """Otherwise no code of that phone works, and the page says that the phone shows another one by now."""
    browser = type_password_again(log_in_elsewhere("operator"))
    scanned = browser.get(SET_UP).context["form"].secret

    assert browser.get(SET_UP).context["form"].secret == scanned
    assert browser.post(SET_UP, {"code": code(scanned)})["Location"] == CODES


@pytest.mark.rule("J10")
@pytest.mark.parametrize("press", ["Back", "Set it up"])
def test_an_older_page_that_sets_it_up_leads_to_no_page_that_removes_it(set_up, operator, press):
    """It led to "Use another phone?", where the first button removes the phone that has just been set up."""
    browser, secret = set_up
    time_passes(seconds=31)  # before that, it counts as the second press of the first page

    answer = browser.get(SET_UP) if press == "Back" else browser.post(SET_UP, {"code": code(secret)})

    assert answer["Location"] == "/accounts/second-step/"
    assert "Two-step verification is on already." in page_text(browser.get(answer["Location"]))
    assert operator.authenticator_set.count() == 2


@pytest.mark.rule("J10")
@pytest.mark.parametrize("page", ["remove/", "codes/new/"])
def test_an_older_page_replaces_nothing_that_is_newer(set_up, operator, page):
    """In another tab the operator has set up another phone, with other codes."""
    browser, _ = set_up
    old = Page(browser, f"/accounts/second-step/{page}")
    for address in ["remove/", "set-up/"]:
        other = Page(browser, f"/accounts/second-step/{address}")
        if address == "set-up/":
            other.fields["code"] = code(browser.session["mfa.totp.secret"])
        other.press()
    now = set(operator.authenticator_set.values_list("pk", flat=True))
    assert len(now) == 2
    time_passes(seconds=31)  # before that, it counts as the second press of the first page

    answer = old.press()

    assert set(operator.authenticator_set.values_list("pk", flat=True)) == now
    assert answer.status_code == 422
    assert "in another tab" in alerts(answer)[0]
    assert Page(browser, old.url).press().status_code == 302
