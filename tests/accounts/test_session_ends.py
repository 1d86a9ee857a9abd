"""What ends a session at the very next request, together with what was begun in it."""

import re

import pytest
from django.test import Client

from accounts.models import Session, User
from accounts.models.letter import LetterQuerySet
from tests.accounts.presses import username_in
from tests.factories import PASSWORD
from tests.hooks import page_text
from tests.log_in import log_in
from tests.mailbox import code_in_the_mail, letters

pytestmark = [pytest.mark.django_db, pytest.mark.engine_free]
NEW = "a new horse battery"
ADA = {"first_name": "Ada", "last_name": "Bell", "email": "ada@school.example", "password1": PASSWORD}
BY_ITSELF = {"hx-request": "true", "hx-current-url": "http://testserver/"}


def choose(person, password):
    """Choose a password through the link in the mail, in another browser."""
    browser = Client()
    browser.post("/accounts/password/reset/", {"email": person.email})
    link = re.search(r"http://[^/]+(/accounts/password/reset/key/\S+)", letters()[-1].body)[1]
    page = browser.get(link, follow=True).redirect_chain[-1][0]
    return browser.post(page, {"password1": password, "password2": password})


def change_password(person, sign_in):
    fields = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert sign_in(person).post("/accounts/password/change/", fields).status_code == 302


def begin_new_address(browser, email):
    """Returns the link in the mail, which needs no log-in."""
    browser.post("/accounts/email/", {"email": email, "action_add": ""})
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/accounts/email/"})
    return re.search(r"http://localhost:8000(/\S+)", letters()[-1].body)[1]


ENDS = {
    "the account is closed": lambda person, sign_in: User.objects.filter(pk=person.pk).close(),
    "another password": lambda person, sign_in: change_password(person, sign_in),
    "a password by mail": lambda person, sign_in: choose(person, NEW),
    "logged out everywhere": lambda person, sign_in: User.objects.filter(pk=person.pk).log_out_everywhere(),
    "the account is gone": lambda person, sign_in: person.delete(),
}


@pytest.mark.threat("T60")
@pytest.mark.parametrize("end", ENDS)
def test_a_session_is_dead_at_the_next_request_and_at_the_next_poll(sign_in, mr_brandt, end):
    browsers = sign_in(mr_brandt), sign_in(mr_brandt)

    ENDS[end](mr_brandt, sign_in)

    assert browsers[0].get("/notifications/").status_code == 302
    assert browsers[1].get("/waiting/?v=1", headers=BY_ITSELF)["HX-Redirect"] == "/accounts/login/?next=/"


@pytest.mark.threat("T62")
@pytest.mark.parametrize("end", [*ENDS, "a log-out", "another log-in"])
def test_a_message_is_only_for_the_person_who_got_it(sign_in, ms_okafor, mr_brandt, end):
    """The next person at the computer can neither read it nor press its button Undo."""
    browser = sign_in(mr_brandt)
    fields = {"first_name": "Felix", "last_name": "Brandt", "time_zone": "UTC"}
    browser.post("/accounts/profile/", fields)
    assert "messages" in browser.cookies
    if end == "a log-out":
        browser.post("/accounts/logout/")
    elif end in ENDS:
        ENDS[end](mr_brandt, sign_in)

    page = browser.get("/accounts/login/", follow=True) if end != "another log-in" else None
    log_in(browser, ms_okafor.username)
    for each in filter(None, [page, browser.get("/")]):
        assert "Your profile is saved." not in each.content.decode()
    assert not browser.cookies["messages"].value


@pytest.mark.threat("T60")
def test_reopening_an_account_revives_no_session(ms_okafor, okafors_browser):
    mine = User.objects.filter(pk=ms_okafor.pk)

    mine.close()
    mine.reopen()

    assert username_in(okafors_browser) is None


@pytest.mark.threat("T53")
@pytest.mark.parametrize("end", ["another password", "a password by mail"])
def test_a_new_password_ends_a_change_of_address_that_somebody_began(client, sign_in, ms_okafor, end):
    link = begin_new_address(sign_in(ms_okafor), "thief@evil.example")

    ENDS[end](ms_okafor, sign_in)
    client.post(link)

    ms_okafor.refresh_from_db()
    assert ms_okafor.email == "okafor@school.example"
    assert [address.email for address in ms_okafor.emailaddress_set.all()] == ["okafor@school.example"]


@pytest.mark.threat("T53")
def test_a_new_password_ends_it_too_in_the_session_that_stays(sign_in, mail_server, ms_okafor):
    """Somebody who found this browser open may have asked for the code. They could come back and type it."""
    browser = sign_in(ms_okafor)
    browser.post("/accounts/email/", {"email": "thief@evil.example", "action_add": ""})
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/accounts/email/"})
    code = code_in_the_mail()
    fields = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}

    browser.post("/accounts/password/change/", fields)
    browser.post("/accounts/confirm-email/", {"code": code})

    ms_okafor.refresh_from_db()
    assert (username_in(browser), ms_okafor.email) == ("okafor", "okafor@school.example")


@pytest.mark.threat("T53")
def test_a_verified_address_logs_out_everybody_else_at_the_account(sign_in, ms_okafor):
    mine, other = sign_in(ms_okafor), sign_in(ms_okafor)

    mine.post(begin_new_address(mine, "ngozi@home.example"))

    assert (username_in(mine), username_in(other)) == ("okafor", None)


@pytest.mark.threat("T53")
def test_by_the_code_from_the_mail_too(sign_in, mail_server, ms_okafor):
    mine, other = sign_in(ms_okafor), sign_in(ms_okafor)
    mine.post("/accounts/email/", {"email": "ngozi@home.example", "action_add": ""})
    mine.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/accounts/email/"})

    mine.post("/accounts/confirm-email/", {"code": code_in_the_mail()})

    ms_okafor.refresh_from_db()
    assert ms_okafor.email == "ngozi@home.example"
    assert (username_in(mine), username_in(other)) == ("okafor", None)


@pytest.mark.threat("T53")
def test_who_registered_a_teachers_address_beforehand_gets_nothing(mail_server):
    """Neither before the address's owner chooses a password, nor afterwards."""
    thief, ada = Client(), Client()
    thief.post("/accounts/signup/teacher/", ADA)
    account = User.objects.get()

    choose(account, NEW)
    log_in(ada, ADA["email"], NEW)
    code = code_in_the_mail()
    ada.post("/accounts/confirm-email/", {"code": code})

    assert username_in(ada) == account.username
    for address in ("/accounts/confirm-email/", "/accounts/login/", "/classes/new/"):
        thief.get(address)
    thief.post("/accounts/confirm-email/", {"code": code})
    log_in(thief, ADA["email"])
    assert username_in(thief) is None


@pytest.mark.rule("J10")
@pytest.mark.threat("T60")
def test_a_press_whose_session_ends_meanwhile_does_nothing_and_is_no_error(
    monkeypatch, okafors_browser, mail_server
):
    """Somebody logs out in another tab, or deletes the account, while the answer is on its way."""
    okafors_browser.post("/accounts/email/", {"email": "ngozi@home.example", "action_add": ""})
    okafors_browser.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/accounts/email/"})
    mails, enqueue = len(letters()), LetterQuerySet.enqueue

    def enqueue_and_log_out(*args):
        enqueue(*args)
        Session.objects.all().delete()

    monkeypatch.setattr(LetterQuerySet, "enqueue", enqueue_and_log_out)
    answer = okafors_browser.post("/accounts/email/", {"email": "other@home.example", "action_add": ""})

    assert answer.status_code == 400
    assert "nothing has changed" in page_text(answer)
    assert len(letters()) == mails
