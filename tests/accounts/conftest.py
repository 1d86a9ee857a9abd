import pytest
from django.contrib.auth.hashers import get_hasher
from django.urls import reverse

from tests.accounts.presses import just_logged_in


@pytest.fixture
def mail_server(settings):
    """Mail is configured, so an address only counts once its owner has typed the code from the mail (A2)."""
    # allauth caches the list of addresses under the settings of that moment.
    reverse("account_confirm_email", args=["key"])
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True


@pytest.fixture
def hashed(monkeypatch):
    """A list that collects every password hashed from now on, to compare it or to store it."""
    told, hasher = [], type(get_hasher())
    encode = hasher.encode
    monkeypatch.setattr(
        hasher, "encode", lambda self, word, *salt: told.append(word) or encode(self, word, *salt)
    )
    return told


@pytest.fixture
def logged_in():
    return just_logged_in
