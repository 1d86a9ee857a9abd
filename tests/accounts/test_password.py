"""Changing a password, and choosing a new one by mail if the account has an address."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.account.adapter import get_adapter
from allauth.core.context import request_context
from allauth.core.exceptions import ImmediateHttpResponse
from django.utils import timezone

from accounts.models import User
from tests.accounts.presses import username_in
from tests.clock import time_passes
from tests.factories import PASSWORD, StudentFactory
from tests.log_in import log_in
from tests.mailbox import letters

NEW = "another four plain words"
pytestmark = [pytest.mark.django_db, pytest.mark.rule("A4"), pytest.mark.engine_free]


@pytest.mark.threat("T60")
def test_changing_the_password_logs_out_everywhere_else(sign_in, ms_okafor):
    here, elsewhere = sign_in(ms_okafor), sign_in(ms_okafor)

    answer = here.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    )

    assert answer["Location"] == "/accounts/profile/"
    assert (username_in(here), username_in(elsewhere)) == ("okafor", None)
    assert letters()[0].to == ["okafor@school.example"]


@pytest.mark.threat("T35")
@pytest.mark.parametrize("verified", [True, False])
def test_only_an_address_that_was_proved_is_told(sign_in, mail_server, verified):
    """Otherwise a student who types a stranger's address could send them a mail with each change."""
    student = StudentFactory(email="grace@home.example", verified=verified)

    sign_in(student).post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    )

    assert User.objects.get(pk=student.pk).check_password(NEW)
    assert [mail.to for mail in letters()] == ([["grace@home.example"]] if verified else [])


@pytest.mark.threat("T55")
@pytest.mark.parametrize(
    ("person", "new", "sentence"),
    [("ms_okafor", "elevenchars", "at least 12"), ("amara", "sevench", "at least 8")],
)
def test_a_new_password_is_as_long_as_the_kind_of_account_wants(request, sign_in, person, new, sentence):
    browser = sign_in(request.getfixturevalue(person))

    answer = browser.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )

    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def change(browser, old, new=NEW):
    return browser.post(
        "/accounts/password/change/", {"oldpassword": old, "password1": new, "password2": new}
    )


@pytest.mark.threat("T55")
def test_whoever_came_upon_an_open_session_guesses_its_password_no_faster_than_at_the_log_in(
    client, sign_in, ms_okafor
):
    """Five a minute would be 7,200 a day."""
    with time_machine.travel(timezone.now(), tick=False) as clock:
        browser = sign_in(ms_okafor)
        for _ in range(5):
            assert change(browser, "wrong password").status_code == 422
        clock.shift(timedelta(minutes=2))
        answer = change(browser, PASSWORD)

        assert (answer.status_code, answer["Retry-After"]) == (429, "300")
        assert "Wait five minutes" in answer.content.decode()
        assert log_in(client, "okafor@school.example", "wrong password").status_code == 429


@pytest.mark.threat("T55")
def test_a_password_that_was_right_at_its_change_counts_nowhere(sign_in, ms_okafor):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        browser = sign_in(ms_okafor)
        for number in range(7):
            assert change(browser, PASSWORD, f"short{number}").status_code == 422
            clock.shift(timedelta(seconds=20))

        assert change(browser, PASSWORD).status_code == 302


def ask_for_a_link(client, email):
    answer = client.post("/accounts/password/reset/", {"email": email}, HTTP_HOST="127.0.0.1")
    assert answer["Location"] == "/accounts/password/reset/done/"


@pytest.mark.threat("T63", "T88")
def test_the_link_in_the_mail_leads_to_a_new_password_once(client, settings, ms_okafor):
    settings.SITE_URL = "https://homeroom.example"
    ask_for_a_link(client, "okafor@school.example")
    link = re.search(r"https://homeroom\.example(\S+)", letters()[0].body)[1]

    page = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(page, {"password1": NEW, "password2": NEW})

    ms_okafor.refresh_from_db()
    assert ms_okafor.check_password(NEW)
    assert "This link no longer works" in client.get(link, follow=True).content.decode()


@pytest.mark.threat("T37")
def test_looking_at_the_link_changes_nothing(client, ms_okafor):
    ask_for_a_link(client, "okafor@school.example")
    link = re.search(r"http://[^/]+(/\S+)", letters()[0].body)[1]

    client.get(link, follow=True)

    ms_okafor.refresh_from_db()
    assert ms_okafor.check_password(PASSWORD)


def test_a_student_with_an_address_can_do_the_same(client, mail_server):
    StudentFactory(email="grace@home.example", verified=False)

    ask_for_a_link(client, "grace@home.example")

    assert letters()[0].to == ["grace@home.example"]


@pytest.mark.threat("T44")
@pytest.mark.parametrize(
    ("username", "said"),
    [("ana.ruiz", "the account ana.ruiz."), ("free-gift.com", "an account with this address.")],
)
def test_the_mail_to_an_address_that_anybody_may_have_typed_has_no_link_in_a_username(
    client, mail_server, username, said
):
    """Mail programs make a link of a name such as free-gift.com, and a student may type somebody else's address."""
    StudentFactory(username=username, email="grace@home.example", verified=False)

    ask_for_a_link(client, "grace@home.example")

    first_sentence = letters()[0].body.partition(" If it was you")[0]
    assert first_sentence == f"Somebody asked for a new password for {said}"


@pytest.mark.threat("T54")
def test_an_unknown_address_gets_the_same_answer(client):
    ask_for_a_link(client, "nobody@school.example")

    assert letters()[0].subject == "No account with this address"


@pytest.mark.parametrize("page", ["/accounts/password/reset/", "/accounts/password/reset/done/"])
def test_a_student_without_an_address_is_told_whom_to_ask(client, page):
    assert "Ask your teacher" in client.get(page).content.decode()


def test_too_many_mails_to_one_address_are_refused_for_a_while(client, ms_okafor):
    for _ in range(6):
        answer = client.post("/accounts/password/reset/", {"email": ms_okafor.email})
        time_passes(seconds=31)  # otherwise it would count as a second press of the same form (J10)

    assert (answer.status_code, answer["Retry-After"]) == (429, "3600")


@pytest.mark.threat("T88")
def test_of_two_who_use_the_link_in_the_same_moment_the_second_is_told(ms_okafor, rf):
    """Both requests had read the account while the link was still valid."""
    first, second = (User.objects.get(pk=ms_okafor.pk) for _ in range(2))

    with request_context(rf.post("/accounts/password/reset/key/1-set-password/")):
        get_adapter().set_password(first, NEW)
        with pytest.raises(ImmediateHttpResponse) as told:
            get_adapter().set_password(second, "somebody else's words")

    ms_okafor.refresh_from_db()
    assert ms_okafor.check_password(NEW)
    assert told.value.response["Location"] == "/accounts/password/reset/key/1-set-password/"


@pytest.mark.parametrize(
    "new", ["blue tiger sea and sky ", " blue tiger sea and sky", "blue tiger sea and sky\t"]
)
def test_a_password_that_ends_in_what_nobody_sees_is_refused(sign_in, ms_okafor, new):
    """Nobody would type the invisible character the next time."""
    answer = change(sign_in(ms_okafor), PASSWORD, new)

    assert answer.status_code == 422
    assert "begin or end with a space" in answer.content.decode()
