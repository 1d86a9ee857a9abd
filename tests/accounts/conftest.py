import pytest
from django.contrib.auth.hashers import get_hasher

from tests.accounts.presses import just_logged_in


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
