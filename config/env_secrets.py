"""Reads secrets from the environment. Everything else is in env.py."""

import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from config.env import checked, read

SECRET_KEY_LENGTH = 50  # characters, at least
TOKEN_LENGTH = 32  # characters, at least
DISTINCT = 10  # different characters, at least; a random key of hexadecimal digits has up to sixteen
LONG_ENOUGH = "at least {} random characters, without commas or spaces"


def secret_key(name, file: Path, is_alone=True):
    """Return the key from the environment, or from `file`, which the first process creates.

    If there may be several machines (not `is_alone`), the variable must be set: otherwise each machine would create its
    own key and refuse the sessions of the others.
    """
    wanted = LONG_ENOUGH.format(SECRET_KEY_LENGTH)
    if key := read(name, None, _random(SECRET_KEY_LENGTH), wanted):
        return key
    if not is_alone:
        raise ImproperlyConfigured(
            f"{name} must be set if PostgreSQL or Redis is on another machine: {wanted}."
        )
    return _key_from(file)


def secret_keys(name):
    """Return a list of earlier keys, which the variable separates by commas."""
    parse = _random(SECRET_KEY_LENGTH)
    wanted = f"keys with commas between them, each {LONG_ENOUGH.format(SECRET_KEY_LENGTH)}"
    return read(name, [], lambda value: [parse(key.strip()) for key in value.split(",")], wanted)


def token(name):
    """Return the secret that a program sends instead of logging in, or None if the variable is not set."""
    return read(name, None, _random(TOKEN_LENGTH), LONG_ENOUGH.format(TOKEN_LENGTH))


def _random(length):
    """Parse a random secret: long enough, and not a sentence, a command, an example or a repeated word."""

    def is_random(value):
        is_plain = value.isascii() and not set(value) & set(" ,<>")
        is_example = value.startswith("django-insecure-")
        return is_plain and not is_example and len(value) >= length and len(set(value)) >= DISTINCT

    return checked(is_random)


def _key_from(file):
    if not file.exists():
        with tempfile.NamedTemporaryFile("w", dir=file.parent) as draft:  # only its owner can read it
            draft.write(secrets.token_urlsafe(SECRET_KEY_LENGTH))
            draft.flush()
            # A link appears whole or not at all, so two processes that start together use the same key.
            with suppress(FileExistsError):
                file.hardlink_to(draft.name)
    return file.read_text()
