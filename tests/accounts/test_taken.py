"""How often sign-up may reveal that a username is taken."""

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.urls"), pytest.mark.threat("T54")]
URL = "/accounts/signup/student/"
GRACE = {"code": "sesame", "first_name": "Grace", "last_name": "Tan", "password1": "plain words"}
TOO_MANY = "Too many usernames or addresses that others have. Wait an hour, then try again."


@pytest.fixture
def ask(leo):
    """ask(browser, "leo") -> the page after submitting the form."""
    return lambda browser, username: browser.post(URL, GRACE | {"username": username})


def test_it_is_said_ten_times_an_hour_to_one_browser_and_then_neither_taken_nor_free(ask, client):
    for _ in range(10):
        assert list(ask(client, "leo").context["form"].errors) == ["username"]

    for username in ("leo", "grace"):
        page = ask(client, username)
        assert (page.status_code, page["Retry-After"]) == (429, "3600")
        assert page.context["form"].errors == {"__all__": [TOO_MANY]}
    assert not User.objects.filter(username="grace").exists()


@pytest.mark.threat("T97")
def test_thirty_times_with_one_code_and_then_a_free_name_still_signs_up(ask):
    """A whole class shares its Code."""
    for number in range(30):
        assert ask(Client(REMOTE_ADDR=f"192.0.2.{number}"), "leo").status_code == 422

    assert ask(Client(REMOTE_ADDR="192.0.2.99"), "leo").status_code == 429
    ask(Client(REMOTE_ADDR="192.0.2.99"), "grace")
    assert User.objects.filter(username="grace").exists()


@pytest.mark.threat("T97")
def test_a_form_with_another_error_is_told_of_a_taken_name_thirty_times_with_one_code_and_never_kept_out(leo):
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
