"""Many guess a mailed code at the same moment, in one session. allauth counts the wrong ones in the session."""

from functools import partial

import pytest
from django.test import Client

from tests.accounts.test_sign_up_teacher import ADA, URL
from tests.hooks import alerts
from tests.joins.races import run_together

PAGE = "/accounts/confirm-email/"
ROUNDS = range(3)
pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.threat("T55"),
    pytest.mark.usefixtures("mail_server"),
]


def guess(cookies, number):
    browser = Client()
    browser.cookies.update(cookies)
    return browser.post(PAGE, {"code": f"AAAA-AA{number:02}"})


@pytest.mark.parametrize("is_taken", [True, False])
def test_however_many_guess_at_once_three_are_looked_at(ms_okafor, is_taken):
    """Also if the address has an account already, so that there is nobody whose row could be held."""
    for number in ROUNDS:
        browser = Client()
        browser.post(URL, ADA | {"email": ms_okafor.email if is_taken else f"ada{number}@school.example"})

        answers = run_together(*[partial(guess, browser.cookies, number) for number in range(10)])

        assert sorted(answer.status_code for answer in answers) == [302] * 8 + [422] * 2
        page = browser.post(PAGE, {"code": "DDDD-DDDD"}, follow=True)
        assert alerts(page)[0].startswith("This browser doesn't know your sign-up any more.")
