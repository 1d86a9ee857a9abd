"""One mailbox is one address, however its domain is written."""

import pytest
from django.test import Client

from accounts.models import User
from classroom.models import CoTeacherInvitation
from tests.accounts.test_sign_up_teacher import ADA
from tests.accounts.test_sign_up_teacher import URL as SIGN_UP
from tests.hooks import page_text
from tests.log_in import log_in
from tests.mailbox import letters

pytestmark = [pytest.mark.django_db, pytest.mark.engine_free]

# Mails to all of these reach ada@school.example.
SPELLINGS = [
    "ada@ｓchool.example",
    "ada@ſchool.example",
    "ada@s\u00adchool.example",
    "ada@s\u200dchool.example",
    "ADA@SCHOOL.example",
]


@pytest.mark.threat("T35")
def test_a_mailbox_gets_no_more_mails_under_many_spellings(mail_server):
    for email in SPELLINGS * 3:
        assert Client().post(SIGN_UP, ADA | {"email": email}).status_code == 302

    assert [letter.to for letter in letters()] == [["ada@school.example"]] * 5  # in ten minutes


@pytest.mark.threat("T35")
def test_nor_more_invitations(okafors_browser, biology):
    answers = [okafors_browser.post(f"{biology.path}invite/", {"email": email}) for email in SPELLINGS]

    assert {answer.status_code for answer in answers} == {302}  # as second presses of the first one
    assert CoTeacherInvitation.objects.get().email == "ada@school.example"


@pytest.mark.threat("T99")
@pytest.mark.parametrize("email", SPELLINGS)
def test_a_mailbox_has_one_account(client, email):
    client.post(SIGN_UP, ADA)

    answer = Client().post(SIGN_UP, ADA | {"email": email, "first_name": "Eve"})

    assert "Another account has this email address." in page_text(answer)
    assert User.objects.count() == 1


@pytest.mark.rule("A4")
def test_a_name_that_browsers_send_in_either_spelling_logs_in_with_both(client):
    """Some browsers send a domain with other letters as "xn--…", some as it was typed."""
    client.post(SIGN_UP, ADA | {"email": "ada@xn--bcher-kva.example"})
    assert User.objects.get().email == "ada@bücher.example"

    for email in ("ada@bücher.example", "ada@xn--bcher-kva.example", "Ada@BÜCHER.example"):
        assert log_in(Client(), email, ADA["password1"]).status_code == 302


@pytest.mark.parametrize(
    "email",
    [
        '"ada"@school.example',
        "ada@[127.0.0.1]",
        f"ada@{'ü' * 60}.example",
        f"ada@{'.'.join(['ß' * 31] * 7)}.example",  # 254 characters would become more
    ],
)
def test_what_is_no_address_for_a_person_is_refused(client, okafors_browser, biology, email):
    answers = [
        client.post(SIGN_UP, ADA | {"email": email}),
        okafors_browser.post(f"{biology.path}invite/", {"email": email}),
        client.post("/accounts/password/reset/", {"email": email}),
    ]

    assert [answer.status_code for answer in answers] == [422] * 3
    assert not User.objects.filter(first_name="Ada").exists()
