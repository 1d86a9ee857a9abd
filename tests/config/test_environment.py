"""How settings are read from variables. test_mistaken_settings.py has the values that stop the start."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from config import env, env_secrets


def number(name):
    return env.number(name, 8000, between=(0, 65_535))


def seconds(name):
    return env.seconds(name, timedelta(days=1), between=(timedelta(seconds=1), timedelta(days=366)))


@pytest.mark.parametrize("unset", ["", "  "])
def test_an_empty_variable_counts_as_not_set(monkeypatch, unset):
    monkeypatch.setenv("HOMEROOM_TRY", unset)

    assert env.flag("HOMEROOM_TRY") is False
    assert number("HOMEROOM_TRY") == 8000
    assert seconds("HOMEROOM_TRY") == timedelta(days=1)
    assert env.database("HOMEROOM_TRY") is None


@pytest.mark.parametrize(
    ("address", "port", "starttls", "tls_at_once"),
    [
        ("smtp://mail.school.example", 25, False, False),
        ("smtp+tls://mail.school.example", 587, True, False),
        ("smtps://mail.school.example", 465, False, True),
        ("SMTPS://mail.school.example:10465", 10465, False, True),
    ],
)
def test_mail_is_encrypted_as_its_address_says(monkeypatch, address, port, starttls, tls_at_once):
    """With STARTTLS on a port that expects TLS from the first byte, client and server wait for each other."""
    monkeypatch.setenv("HOMEROOM_TRY", address)

    found = env.mail("HOMEROOM_TRY")

    assert found["EMAIL_PORT"] == port
    assert found.get("EMAIL_USE_TLS", False) is starttls
    assert found.get("EMAIL_USE_SSL", False) is tls_at_once


def test_the_key_is_made_once_for_its_owner_alone(tmp_path):
    file = tmp_path / "secret-key"

    first = env_secrets.secret_key("HOMEROOM_TRY", file)

    assert env_secrets.secret_key("HOMEROOM_TRY", file) == first
    assert len(first) >= env_secrets.SECRET_KEY_LENGTH
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_every_setting_is_described_with_its_unit_and_its_default():
    """Settings without a default are those that compose requires."""
    described = re.findall(r"((?:^# .*\n)+)^(#?)([A-Z_]+)=", Path(".env.example").read_text(), re.MULTILINE)

    assert [name for text, optional, name in described if optional and "Default: " not in text] == []
    timed = [name for text, _, name in described if re.search(r"How long|in this time", text)]
    assert [name for text, _, name in described if name in timed and "in seconds" not in text] == []
    assert len(timed) >= 4
