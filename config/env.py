"""Reads the environment. What cannot be read stops the start and names its variable, never its value.

A variable that is set but empty counts as not set: that is what compose files pass on.
"""

import os
import re
import secrets
import tempfile
from contextlib import suppress
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import environ
from django.core.exceptions import ImproperlyConfigured

ENGINES = {"django.db.backends.postgresql", "django.db.backends.sqlite3"}
SECRET_KEY_LENGTH = 50  # characters, at least
TOKEN_LENGTH = 32  # characters, at least
SIGNS = ", with / @ : ? # % in a password as %2F %40 %3A %3F %23 %25"
LONG_ENOUGH = f"at least {SECRET_KEY_LENGTH} random characters, without commas"


def _read(name, default, parse, wanted):
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    try:
        return parse(value)
    except (ValueError, OverflowError, KeyError, OSError, ImproperlyConfigured):
        raise ImproperlyConfigured(f"{name} must be {wanted}.") from None


def _checked(test):
    def parse(value):
        if not test(value):
            raise ValueError
        return value

    return parse


def text(name, default=""):
    return _read(name, default, str, "text")


def choice(name, known):
    """Return one of the words in `known`; the first is the default."""
    return _read(name, known[0], _checked(lambda value: value in known), " or ".join(known))


def flag(name):
    return _read(name, False, lambda value: {"true": True, "false": False}[value.lower()], "true or false")


def number(name, default, least=0):
    def parse(value):
        return _checked(lambda found: found >= least)(int(value))

    return _read(name, default, parse, f"a whole number, {least} or more")


def seconds(name, default):
    """Return a timedelta; `default` is one too."""
    return _read(
        name,
        default,
        lambda value: timedelta(seconds=_positive(value)),
        "a whole number of seconds, 1 or more",
    )


def _positive(value):
    return _checked(lambda found: found > 0)(int(value))


def time_zone(name, default):
    known = _checked(lambda zone: zone in available_timezones())
    return _read(name, default, known, "the IANA name of a time zone, such as Europe/Oslo")


def site_url(name, default):
    def parse(value):
        url = urlsplit(value.rstrip("/"))
        if url.scheme not in {"http", "https"} or not url.hostname or url.path or url.query or url.username:
            raise ValueError
        _ = url.port  # raises where it is no port
        return url

    return _read(name, urlsplit(default), parse, "an address such as https://school.example, without a path")


def page(name):
    """The address of a page elsewhere, or empty."""
    known = _checked(lambda value: urlsplit(value).scheme == "https" and urlsplit(value).hostname)
    return _read(name, "", known, "an address such as https://school.example/privacy")


def hosts(name, default, loose):
    """Return a list of exact host names; with wildcards only where `loose` (T63)."""

    def parse(value):
        names = [host.strip() for host in value.split(",") if host.strip()]
        if not loose and any(host.startswith((".", "*")) for host in names):
            raise ValueError
        return names

    return _read(
        name, default, parse, "exact host names with commas between them, without * or a leading dot"
    )


def database(name):
    """Return Django's description of the database, or None where the variable is not set."""

    def parse(value):
        found = environ.Env.db_url_config(value)
        of_a_password = found["ENGINE"].endswith("postgresql") and "/" in found["NAME"]
        if found["ENGINE"] not in ENGINES or found["NAME"] in {"", ":memory:"} or of_a_password:
            raise ValueError
        return found

    return _read(name, None, parse, f"postgres://user:password@host:port/name or sqlite:///file{SIGNS}")


def redis(name):
    def parse(value):
        url = urlsplit(value)
        _ = url.port  # raises where it is no port
        return _checked(lambda _: url.scheme in {"redis", "rediss", "unix"})(value)

    return _read(name, None, parse, f"redis://:password@host:port/number{SIGNS}")


def mail(name):
    """Return Django's EMAIL_ settings as a dictionary, or None where the variable is not set."""

    def parse(value):
        found = environ.Env.email_url_config(value)
        if not found["EMAIL_BACKEND"].endswith("smtp.EmailBackend") or not found["EMAIL_HOST"]:
            raise ValueError
        return found

    return _read(name, None, parse, f"smtp+tls://user:password@host:587 or smtp://host:port{SIGNS}")


def sender(name, default):
    known = _checked(lambda value: "@" in parseaddr(value)[1])
    return _read(name, default, known, "an address such as Homeroom <homeroom@school.example>")


def sentry(name):
    """The address to which a Sentry wants its errors, or empty."""
    known = _checked(re.compile(r"https?://[^/@]+@[^/@]+/(.*/)?\d+").fullmatch)
    return _read(name, "", known, "an address such as https://key@sentry.school.example/1")


def folder(name, default, base):
    """Return the folder, below `base` where it begins with no /; one that is not there is made, for its owner alone."""

    def made(value):
        (base / value).mkdir(mode=0o700, parents=True, exist_ok=True)
        return base / value

    return _read(name, None, made, "a folder that is there, or can be made") or made(default)


def secret_key(name, file: Path):
    """Return the key from the environment, or from `file`, which the first process to start makes."""
    return _read(name, None, _long_enough, LONG_ENOUGH) or _kept(file)


def token(name):
    """Return what a machine brings to be let in, or None where the variable is not set."""
    long_enough = _checked(lambda value: len(value) >= TOKEN_LENGTH)
    return _read(name, None, long_enough, f"at least {TOKEN_LENGTH} random characters")


def secret_keys(name):
    """Return the list of keys that came before, with commas between them."""
    return _read(name, [], lambda value: [_long_enough(key.strip()) for key in value.split(",")], LONG_ENOUGH)


def _long_enough(key):
    return _checked(lambda value: len(value) >= SECRET_KEY_LENGTH)(key)


def _kept(file):
    if not file.exists():
        with tempfile.NamedTemporaryFile("w", dir=file.parent) as draft:  # readable by its owner alone
            draft.write(secrets.token_urlsafe(SECRET_KEY_LENGTH))
            draft.flush()
            # A link appears whole or not at all, so two processes that start at once end with one key.
            with suppress(FileExistsError):
                file.hardlink_to(draft.name)
    return file.read_text()
