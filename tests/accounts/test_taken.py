"""How often sign-up may reveal that a username is taken."""

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.urls"), pytest.mark.threat("T54")]
URL = "/accounts/signup/student/"
GRACE = {"code": "sesame", "first_name": "Grace", "last_name": "Tan", "password1": "plain words"}


@pytest.fixture
def ask(leo):
    """ask(browser, "leo", "sesame") -> the page after submitting the form."""
    return lambda browser, username, code="sesame": browser.post(
        URL, GRACE | {"username": username, "code": code}
    )


def test_in_one_network_it_is_said_so_often_whosever_code_is_typed(ask, client, settings):
    """Teachers' accounts, and so Codes, are easy to create. A free name still signs up."""
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"taken": "30/h/key,3/h/ip"}
    answers = [ask(client, "leo", f"word{number}") for number in range(4)]

    assert [answer.status_code for answer in answers] == [422] * 3 + [429]
    assert answers[3]["Retry-After"] == "3600"
    assert ask(client, "grace", "word5").status_code == 302


@pytest.mark.threat("T97")
def test_a_form_with_another_error_is_told_of_a_taken_name_thirty_times_and_never_kept_out(leo):
    """It creates no account, so it could ask for all names of a school unseen."""
    wrong = GRACE | {"password1": "short"}
    for number in range(30):
        Client(REMOTE_ADDR=f"192.0.2.{number}").post(URL, wrong | {"username": f"free-{number}"})

    late = Client(REMOTE_ADDR="192.0.2.99")
    assert list(late.post(URL, wrong | {"username": "leo"}).context["form"].errors) == ["password1"]
    assert list(late.post(URL, GRACE | {"username": "leo"}).context["form"].errors) == ["username"]
    late.post(URL, GRACE | {"username": "grace"})
    assert User.objects.filter(username="grace").exists()


@pytest.mark.threat("T26")
def test_the_code_itself_is_in_no_counter(ask, client, monkeypatch):
    written = []
    monkeypatch.setattr(cache, "set", lambda key, *value: written.append(f"{key}{value}"))

    ask(client, "leo")

    assert written
    assert "sesame" not in "".join(written)
