"""Operators change the secret key, and nobody notices."""

import pytest
from django.test import Client

from config import env_secrets

pytestmark = [pytest.mark.fault("F28"), pytest.mark.engine_free]

OLD, NEW = "old-key_18" * 5, "brand-new_27" * 5


@pytest.fixture
def logged_in(settings, amara):
    settings.SECRET_KEY = OLD
    browser = Client()
    browser.force_login(amara)
    return browser


def is_in(browser):
    return browser.get("/accounts/profile/").status_code == 200


def test_a_session_outlives_the_change_of_the_key(settings, logged_in):
    """The old key still reads the session, which is then signed with the new key."""
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    assert is_in(logged_in)

    settings.SECRET_KEY_FALLBACKS = []
    assert is_in(logged_in)


def test_who_did_not_come_meanwhile_logs_in_again(settings, logged_in):
    """A leaked key is worthless once it has been removed."""
    settings.SECRET_KEY = NEW

    assert not is_in(logged_in)


def test_keys_stand_with_commas_between_them(monkeypatch):
    monkeypatch.setenv("HOMEROOM_TRY", f"{OLD}, {NEW}")

    assert env_secrets.secret_keys("HOMEROOM_TRY") == [OLD, NEW]
