"""An account form that is submitted twice takes effect once, and both presses get the same answer."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from accounts.models import Letter, User
from tests.accounts.presses import ROUNDS, Page, before_the_answer, username_in, written_since
from tests.clock import time_passes
from tests.factories import PASSWORD, StudentFactory
from tests.hooks import alerts, page_text
from tests.joins.races import run_together
from tests.mailbox import code_in_the_mail

NEW = "nine green apples and a pear"
CHANGE, EMAIL, RESET = "/accounts/password/change/", "/accounts/email/", "/accounts/password/reset/"
CONFIRM = "/accounts/confirm-email/"
pytestmark = pytest.mark.django_db


def change_password(logged_in, user):
    return Page(logged_in(user), CHANGE, oldpassword=PASSWORD, password1=NEW, password2=NEW)


def choose_own_password(logged_in, user):
    given = user.give_one_time_password()
    browser = Client(enforce_csrf_checks=True)
    Page(browser, "/accounts/login/", login=user.username, password=given).press()
    return Page(browser, CHANGE, oldpassword=given, password1=NEW, password2=NEW)


def add_address(logged_in, user):
    return Page(logged_in(user), EMAIL, email="ngozi@home.example", action_add="")


def send_again(logged_in, user):
    browser = add_address(logged_in, user).browser
    EmailAddress.objects.create(user=user, email="ngozi@home.example")
    return Page(browser, EMAIL, email="ngozi@home.example", action_send="")


def remove_address(logged_in, user):
    browser = logged_in(user)
    EmailAddress.objects.create(user=user, email="ngozi@home.example")
    return Page(browser, EMAIL, email="ngozi@home.example", action_remove="")


def confirm_by_link(logged_in, user):
    page = add_address(logged_in, user)
    page.press()
    return Page(page.browser, last_link())


def confirm_by_link_signed_out(logged_in, user):
    confirm_by_link(logged_in, user)
    return Page(Client(enforce_csrf_checks=True), last_link())


def ask_for_link(logged_in, user):
    return Page(Client(enforce_csrf_checks=True), RESET, email=user.email)


def use_link(logged_in, user, browser=None):
    ask_for_link(logged_in, user).press()
    browser = browser or Client(enforce_csrf_checks=True)
    return Page(browser, last_link(), password1=NEW, password2=NEW)


def use_link_logged_in(logged_in, user):
    return use_link(logged_in, user, logged_in(user))


def show_password_again(logged_in, user):
    return Page(logged_in(user), "/accounts/reauthenticate/", password=PASSWORD, next=EMAIL)


def log_out(logged_in, user):
    return Page(logged_in(user), "/accounts/logout/")


def last_link():
    return re.search(r"http://[^/]+(/\S+)", Letter.objects.latest("pk").text)[1]


# Which form is submitted, where it leads, what the next page says, and how many mails are sent.
PRESSES = {
    change_password: ("/accounts/profile/", "Your password has been changed.", 1),
    choose_own_password: ("/accounts/profile/", "Your password has been changed.", 1),
    add_address: (EMAIL, "We sent an email to ngozi@home.example. Open it to confirm your address.", 1),
    send_again: (EMAIL, "We sent an email to ngozi@home.example. Open it to confirm your address.", 1),
    remove_address: (EMAIL, "ngozi@home.example has been removed.", 1),
    confirm_by_link: ("/accounts/profile/", "ngozi@home.example is confirmed.", 1),
    confirm_by_link_signed_out: ("/accounts/profile/", "ngozi@home.example is confirmed.", 1),
    ask_for_link: (f"{RESET}done/", "Check your email", 1),
    use_link: (f"{RESET}key/done/", "Your password has been changed", 1),
    use_link_logged_in: (f"{RESET}key/done/", "Your password has been changed", 1),
    show_password_again: (EMAIL, "", 0),
    log_out: ("/", "You've logged out.", 0),
}
every_press = pytest.mark.parametrize("press", PRESSES, ids=lambda press: press.__name__)


@pytest.mark.rule("J10")
@every_press
@pytest.mark.parametrize("first_answer", ["has come", "is on its way"])
def test_the_second_press_is_told_the_same(press, first_answer, logged_in):
    """With or without the cookies of the first answer. Somebody who was logged in stays logged in."""
    page = press(logged_in, StudentFactory(username="ngozi", email="ngozi@school.example"))
    leads_to, sentence, letters = PRESSES[press]
    before, again = Letter.objects.count(), before_the_answer(page.browser)

    first = page.press()
    name = username_in(page.browser)
    second = page.press(again if first_answer == "is on its way" else None)

    browser = again if first_answer == "is on its way" else page.browser
    assert [answer.status_code for answer in (first, second)] == [302, 302]
    assert first["Location"] == second["Location"] == leads_to
    assert username_in(browser) == name
    assert sentence in page_text(browser.get(leads_to, follow=True))
    assert written_since(before) == letters


@pytest.mark.rule("J10", "A9")
@every_press
@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_are_told_the_same(press, logged_in):
    for number in ROUNDS:
        User.objects.all().delete()
        page = press(logged_in, StudentFactory(username="ngozi", email=f"ngozi{number}@school.example"))
        leads_to, sentence, letters = PRESSES[press]
        before, again = Letter.objects.count(), before_the_answer(page.browser)
        name = None if press in (use_link_logged_in, log_out) else username_in(page.browser)

        answers = run_together(page.press, lambda p=page, b=again: p.press(b))

        assert [answer.status_code for answer in answers] == [302, 302], answers
        assert [answer["Location"] for answer in answers] == [leads_to] * 2
        assert written_since(before) == letters
        for browser in (page.browser, again):
            assert username_in(browser) == name
            assert sentence in page_text(browser.get(leads_to, follow=True))


@pytest.mark.threat("T62")
def test_the_second_press_of_log_out_empties_the_browser_too(logged_in, ms_okafor):
    """The first answer, which clears the browser, may never have been read."""
    page = log_out(logged_in, ms_okafor)
    again = before_the_answer(page.browser)

    answers = [page.press(), page.press(again)]

    assert [answer["Clear-Site-Data"] for answer in answers] == ['"cache", "storage"'] * 2


@pytest.mark.rule("J10", "A2")
@pytest.mark.usefixtures("mail_server")
@pytest.mark.parametrize("first_answer", ["has come", "is on its way"])
def test_with_a_mail_server_one_code_is_mailed_and_it_works(first_answer, logged_in, ms_okafor):
    """A second code would invalidate the first, and nobody knows which mail arrives first."""
    page = add_address(logged_in, ms_okafor)
    again = before_the_answer(page.browser)
    answers = [page.press(), page.press(again if first_answer == "is on its way" else None)]
    browser = again if first_answer == "is on its way" else page.browser
    assert [answer["Location"] for answer in answers] == [CONFIRM] * 2
    assert Letter.objects.count() == 1

    typed = Page(browser, CONFIRM, code=code_in_the_mail())
    again = before_the_answer(browser)
    answers = [typed.press(), typed.press(again if first_answer == "is on its way" else None)]

    ms_okafor.refresh_from_db()
    assert ms_okafor.email == "ngozi@home.example"
    assert [answer["Location"] for answer in answers] == ["/accounts/profile/"] * 2
    assert username_in(again if first_answer == "is on its way" else browser) == "okafor"


@pytest.mark.rule("J10")
@pytest.mark.usefixtures("mail_server")
def test_a_new_code_asked_for_twice_is_one_code(logged_in, ms_okafor):
    page = add_address(logged_in, ms_okafor)
    page.press()
    resend = Page(page.browser, CONFIRM, action="resend")

    answers = [resend.press(), resend.press()]

    assert answers[0]["Location"] == answers[1]["Location"]
    assert Letter.objects.count() == 2
    typed = Page(page.browser, CONFIRM, code=code_in_the_mail())
    assert typed.press()["Location"] == "/accounts/profile/"


@pytest.mark.threat("T60")
@pytest.mark.parametrize(
    "wrong", ["the old password", "the new one's second half", "somebody else's browser"]
)
def test_another_form_is_another_press(wrong, logged_in, ms_okafor):
    """The earlier answer is only repeated for the same form in the same browser."""
    page = change_password(logged_in, ms_okafor)
    page.press()

    if wrong == "somebody else's browser":
        thief = Client()
        answer = thief.post(CHANGE, page.fields)
        assert answer["Location"].startswith("/accounts/login/")
        assert username_in(thief) is None
        return
    page.fields |= {"oldpassword": "guess"} if wrong == "the old password" else {"password2": "guess"}
    assert page.press().status_code == 422


@pytest.mark.threat("T60")
def test_the_token_alone_opens_no_session(logged_in, ms_okafor):
    """Nobody gets into a session that belongs to another cookie of the same browser."""
    page = change_password(logged_in, ms_okafor)
    other = before_the_answer(page.browser)
    del other.cookies["sessionid"]
    page.press()

    answer = page.press(other)

    assert answer["Location"].startswith("/accounts/login/")
    assert username_in(other) is None


@pytest.mark.rule("J10")
def test_half_a_minute_later_it_is_another_press(logged_in, ms_okafor):
    """The old password is wrong by then, and the page says so. Nobody is logged out."""
    page = change_password(logged_in, ms_okafor)
    page.press()

    time_passes(seconds=31)
    answer = page.press()

    assert answer.status_code == 422
    assert username_in(page.browser) == "okafor"


@pytest.mark.rule("J10")
def test_a_link_confirmed_long_ago_says_so(logged_in, ms_okafor):
    """People see no error, and nobody asks for a new link that they don't need."""
    page = confirm_by_link(logged_in, ms_okafor)
    page.press()

    time_passes(minutes=5)
    answers = page.press(), page.browser.get(page.url), Client().get(page.url)

    for answer in answers:
        assert "Your email address is confirmed. You don't have to do anything more." in page_text(answer)
        assert alerts(answer) == []


def test_a_link_that_is_too_old_says_so_whether_it_was_used_or_not(logged_in, ms_okafor, time_machine):
    page = confirm_by_link(logged_in, ms_okafor)
    time_machine.move_to(timezone.now() + timedelta(days=30))
    unused = Client().get(page.url)
    EmailAddress.objects.filter(user=ms_okafor).update(verified=True)
    used = Client().get(page.url)

    for answer in (unused, used, Client().get(f"{CONFIRM}NQ:1xXRG6:nothing/")):
        assert alerts(answer) == [
            "This link no longer works. It may have been used already, or be too old. Log in and ask for a new one."
        ]
