"""The code that is mailed to confirm an address: typed wrong, in another browser, or when it no longer counts."""

from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from accounts import limits
from accounts.models import User
from privacy.models import Person
from tests.accounts.presses import username_in
from tests.accounts.test_sign_up_teacher import ADA, URL
from tests.hooks import alerts, page_text
from tests.log_in import log_in
from tests.mailbox import code_in_the_mail, letters

PAGE = "/accounts/confirm-email/"
AGAIN = "Log in with your email and password, and we'll send you a new code."
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.rule("A2"),
    pytest.mark.usefixtures("mail_server"),
    pytest.mark.engine_free,
]


def press(browser, code):
    """Type the code; returns the page that it leads to."""
    return browser.post(PAGE, {"code": code}, follow=True)


@pytest.mark.threat("T54")
@pytest.mark.parametrize("is_taken", [True, False])
def test_the_third_wrong_code_says_to_log_in_and_not_to_wait(client, ms_okafor, is_taken):
    """And says the same if the address has an account already."""
    client.post(URL, ADA | ({"email": ms_okafor.email} if is_taken else {}))
    for code in ["AAAA-AAAA", "BBBB-BBBB"]:
        page = press(client, code)
        assert page.status_code == 422
        assert "That isn't the code in our newest email." in page_text(page)

    assert alerts(press(client, "CCCC-CCCC")) == [f"Too many wrong codes. {AGAIN}"]
    assert alerts(press(client, "DDDD-DDDD")) == [f"This browser doesn't know your sign-up any more. {AGAIN}"]


@pytest.mark.parametrize("unseen", ["\u200b", "\ufeff", "\u200e", "\u00ad"])
def test_what_a_mail_program_adds_unseen_does_not_count(client, unseen):
    client.post(URL, ADA)
    code = code_in_the_mail()

    press(client, f"{unseen}{code[:3]}{unseen}{code[3:]}{unseen}")

    assert username_in(client) == User.objects.get().username


@pytest.mark.parametrize("odd", ["", "\u200b", "\u2620", "\ufdfa" * 7_000])
def test_what_is_no_code_is_refused_with_a_sentence(client, odd):
    client.post(URL, ADA)

    page = press(client, odd)
    assert (page.status_code, len(alerts(page))) == (422, 1)


def test_full_width_letters_are_plain_ones(client):
    client.post(URL, ADA)
    press(client, "".join(chr(ord(sign) + 0xFEE0) for sign in code_in_the_mail()))

    assert username_in(client) == User.objects.get().username


def test_after_three_wrong_codes_a_log_in_sends_one_that_works(client):
    client.post(URL, ADA)
    dead = code_in_the_mail()
    for _ in range(3):
        press(client, "AAAA-AAAA")

    assert log_in(client, ADA["email"], ADA["password1"])["Location"] == PAGE
    assert press(client, dead).status_code == 422
    press(client, code_in_the_mail())

    assert username_in(client) == User.objects.get().username


def test_who_has_confirmed_it_in_another_browser_is_told_so(client):
    client.post(URL, ADA)
    elsewhere, mine = Client(), code_in_the_mail()
    log_in(elsewhere, ADA["email"], ADA["password1"])
    press(elsewhere, code_in_the_mail())

    page = press(client, mine)

    assert page.redirect_chain == [("/accounts/login/", 302)]
    assert "Your email address is confirmed already. Log in with it and your password." in page_text(page)
    assert username_in(client) is None


@pytest.mark.parametrize("page", ["/accounts/login/", URL])
def test_who_typed_a_wrong_address_or_is_somebody_else_is_told_the_way_out(client, page):
    """Until then, also a link to log in or to sign up leads here."""
    client.post(URL, ADA)
    waiting = client.get(page, follow=True)
    assert waiting.redirect_chain[-1][0] == PAGE
    assert (
        "Is the address wrong, or isn't it yours? Press “Cancel”. Then you can log in or sign up. Cancel"
        in page_text(waiting)
    )

    client.post("/accounts/logout/")

    assert client.get(page).status_code == 200


@pytest.mark.threat("T93")
@pytest.mark.parametrize("act", ["close", "erase"])
def test_a_code_of_an_account_that_is_closed_meanwhile_does_nothing(client, act):
    client.post(URL, ADA)
    code = code_in_the_mail()
    if act == "close":
        User.objects.close()
    else:
        Person.objects.get().erase()

    page = press(client, code)

    assert page.redirect_chain == [("/accounts/login/", 302)]
    assert alerts(page) == [f"This browser doesn't know your sign-up any more. {AGAIN}"]
    assert username_in(client) is None
    assert not EmailAddress.objects.filter(verified=True).exists()
    assert EmailAddress.objects.exists() == (act == "close")


@pytest.fixture
def few_mails(settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"confirming_mails": "2/d/key"}


def type_her_address(times):
    """Strangers elsewhere sign up with Ada's address."""
    for number in range(times):
        stranger = {"email": ADA["email"], "password1": f"another four words {number}"}
        assert Client(REMOTE_ADDR=f"192.0.2.{number}").post(URL, ADA | stranger)["Location"] == PAGE


@pytest.mark.threat("T53", "T97", "T35")
def test_whose_address_strangers_have_typed_signs_up_and_logs_in_as_usual(client, few_mails):
    """Only the mails stop. The code in hers works on, also after another log-in and after "Send a new code"."""
    client.post(URL, ADA)
    code = code_in_the_mail()
    type_her_address(3)
    assert len(letters()) == 2

    assert log_in(client, ADA["email"], ADA["password1"])["Location"] == PAGE
    assert client.post(PAGE, {"action": "resend"})["Location"] == PAGE
    assert len(letters()) == 2
    press(client, code)

    assert username_in(client) == User.objects.get().username


@pytest.mark.threat("T53")
@pytest.mark.parametrize("typed", ["", "-", "AAAA-AAAA"])
def test_no_code_works_that_nobody_was_sent(client, few_mails, typed):
    """Otherwise somebody who signs up with a stranger's address could guess for as long as they like."""
    client.post(URL, ADA)
    type_her_address(1)
    elsewhere = Client()
    log_in(elsewhere, ADA["email"], ADA["password1"])
    assert elsewhere.session["account_email_verification_code"]["code"] == ""

    assert press(elsewhere, typed).status_code == 422

    assert not EmailAddress.objects.filter(verified=True).exists()


@pytest.mark.threat("T53")
def test_once_a_mail_may_be_sent_again_its_code_works(client, few_mails):
    client.post(URL, ADA)
    type_her_address(1)
    elsewhere = Client()
    log_in(elsewhere, ADA["email"], ADA["password1"])

    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        log_in(elsewhere, ADA["email"], ADA["password1"])
        press(elsewhere, code_in_the_mail())

        assert username_in(elsewhere) == User.objects.get().username


@pytest.mark.threat("T35", "T97")
def test_a_network_has_five_hundred_mails_an_hour_and_a_sign_up_beyond_that_gets_its_code_later(client, rf):
    """Otherwise one computer makes the site write to thousands of strangers. A school's first day stays below it."""
    others = [limits.may_mail_to_confirm(rf.post("/"), f"{n}@elsewhere.example") for n in range(500)]
    assert all(others)

    assert client.post(URL, ADA)["Location"] == PAGE
    assert letters() == []
    Client(REMOTE_ADDR="192.0.2.1").post(URL, ADA | {"email": "lin@school.example"})
    assert [letter.to for letter in letters()] == [["lin@school.example"]]

    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        client.post(PAGE, {"action": "resend"})
        press(client, code_in_the_mail())
        assert username_in(client) == User.objects.get(email=ADA["email"]).username
