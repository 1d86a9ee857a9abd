"""Somebody began to log in, or to sign up, and left: the next person at this computer logs in as usual."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from tests.accounts.presses import username_in
from tests.accounts.test_sign_up_teacher import ADA, URL
from tests.hooks import page_text
from tests.joins.guessing import SIGN_UP, newcomer
from tests.log_in import log_in
from tests.mailbox import letters

PAGE, SECOND_STEP = "/accounts/confirm-email/", "/accounts/second-step/log-in/"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.threat("T49", "T62"),
    pytest.mark.usefixtures("mail_server"),
    pytest.mark.engine_free,
]


@pytest.fixture(params=["a code from a mail", "a code from a phone", "an address that is taken"])
def left(request, client, operator, ms_okafor):
    """A browser that asks the person who left for a code."""
    if request.param == "a code from a phone":
        TOTP.activate(operator, generate_totp_secret())
        assert log_in(client, "operator")["Location"] == SECOND_STEP
    else:
        taken = request.param == "an address that is taken"
        client.post(URL, ADA | ({"email": ms_okafor.email} if taken else {}))
    return client


def test_the_next_person_logs_in(left, leo):
    log_in(left, "leo")

    assert username_in(left) == "leo"
    page = left.get(PAGE, follow=True)
    assert ADA["email"] not in page_text(page)
    assert "okafor@school.example" not in page_text(page)


def test_the_next_person_signs_up(left, biology_code):
    left.post(SIGN_UP, newcomer("grace", biology_code().code))

    assert username_in(left) == "grace"
    assert not left.session.get("account_email_verification_code")


def test_a_wrong_password_leaves_it_as_it_is(left, leo):
    page = left.get("/accounts/login/")["Location"]

    assert log_in(left, "leo", "wrong password").status_code == 422

    assert left.get("/accounts/login/")["Location"] == page


@pytest.mark.threat("T54")
@pytest.mark.parametrize("is_taken", [True, False])
@pytest.mark.parametrize("password", [ADA["password1"], "wrong password"])
def test_the_same_person_again_is_led_to_the_code_whether_the_address_is_taken_or_not(
    client, ms_okafor, is_taken, password
):
    email = ms_okafor.email if is_taken else ADA["email"]
    client.post(URL, ADA | {"email": email})

    assert log_in(client, email, password)["Location"] == PAGE

    assert len(letters()) == 1
    assert log_in(client, "").status_code == 422


def test_the_page_of_the_second_step_says_what_to_do(client, operator):
    TOTP.activate(operator, generate_totp_secret())
    log_in(client, "operator")

    assert "Is somebody else logging in here? Press “Cancel”. Then you can log in." in page_text(
        client.get(SECOND_STEP)
    )
    client.post("/accounts/logout/")

    assert client.get("/accounts/login/").status_code == 200
