"""Reads the environment. What can't be read stops the start and names its variable, never its value.

A variable that is set but empty counts as not set: that is what compose files pass on. A variable whose name is nearly
one of ours is a slip of the pen, and stops the start too: nobody would notice that it does nothing.
"""

import os
import re
import secrets
import tempfile
from contextlib import suppress
from datetime import timedelta
from difflib import get_close_matches
from email.utils import parseaddr
from ipaddress import ip_address
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
HIGHEST_PORT = 65_535
USUAL_PORTS = {"http": 80, "https": 443}
HOST_NAME = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*"
)

# Every name that was asked for, and the one that only compose reads.
READ = {"POSTGRES_PASSWORD"}
# What people write who mean one of ours: names of other products, of Django's settings, and of before.
MEANT = {
    "BROKER_URL": "REDIS_URL",
    "CELERY_BROKER_URL": "REDIS_URL",
    "DATABASE_URI": "DATABASE_URL",
    "DB_URL": "DATABASE_URL",
    "DJANGO_ALLOWED_HOSTS": "ALLOWED_HOSTS",
    "DJANGO_DEBUG": "DEBUG",
    "DJANGO_SECRET_KEY": "SECRET_KEY",
    "EMAIL_HOST": "EMAIL_URL",
    "EMAIL_HOST_PASSWORD": "EMAIL_URL",
    "EMAIL_HOST_USER": "EMAIL_URL",
    "EMAIL_PORT": "EMAIL_URL",
    "EMAIL_USE_SSL": "EMAIL_URL",
    "EMAIL_USE_TLS": "EMAIL_URL",
    "MAIL_FROM": "DEFAULT_FROM_EMAIL",
    "MAIL_URL": "EMAIL_URL",
    "MOST_ASKED_BY_NEW_ACCOUNTS": "NEW_ACCOUNTS_QUOTA",
    "POSTGRES_URL": "DATABASE_URL",
    "REDIS_URI": "REDIS_URL",
    "SECRET_KEY_FILE": "SECRET_KEY",
    "SENTRY_URL": "SENTRY_DSN",
    "SITE_URI": "SITE_URL",
    "SMTP_URL": "EMAIL_URL",
    "TRUSTED_PROXY": "TRUSTED_PROXIES",
    "TRUSTED_PROXY_COUNT": "TRUSTED_PROXIES",
    "VALKEY_URL": "REDIS_URL",
}


def _read(name, default, parse, wanted):
    READ.add(name)
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


def refuse_misspelt(names):
    """Called with the environment's names once every setting is read. Raises ImproperlyConfigured."""
    for name in sorted(set(names) - READ):
        if meant := MEANT.get(name) or _nearly(name):
            raise ImproperlyConfigured(f"{name} is no setting of Homeroom: {meant} is meant.")


def _nearly(name):
    """Which of ours this is but for a slip. Short names such as PORT are left alone: too much else is near them.

    A machine has many variables that are not ours: the first letter has to be right, and nine letters of ten.
    """
    if len(name) < 6:
        return None
    near = get_close_matches(name.upper(), READ, n=1, cutoff=0.85 if len(name) < 10 else 0.9)
    return near[0] if near and near[0][0] == name[0].upper() and len(near[0]) >= 6 else None


def text(name, default=""):
    return _read(name, default, str, "text")


def choice(name, known):
    """Return one of the words in `known`; the first is the default."""
    return _read(name, known[0], _checked(lambda value: value in known), " or ".join(known))


def flag(name):
    return _read(name, False, lambda value: {"true": True, "false": False}[value.lower()], "true or false")


def number(name, default, least=0, most=None):
    def parse(value):
        return _checked(lambda found: found >= least and (most is None or found <= most))(int(value))

    wanted = f"a whole number, {least} or more" if most is None else f"a whole number from {least} to {most}"
    return _read(name, default, parse, wanted)


def port(name, default):
    return number(name, default, least=1, most=HIGHEST_PORT)


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
    """The address in every mail, as browsers send it back in Origin: in small letters, without a port that is usual."""

    def parse(value):
        url = urlsplit(value.lower().rstrip("/"))
        beside = url.path or url.query or url.fragment or url.username is not None
        if url.scheme not in USUAL_PORTS or beside or not HOST_NAME.fullmatch(url.hostname or ""):
            raise ValueError
        if url.scheme == "http" and not _is_near(url.hostname):
            raise ValueError
        usual = url.port in {None, USUAL_PORTS[url.scheme]}  # .port raises where it is no port
        return url._replace(netloc=url.hostname if usual else f"{url.hostname}:{url.port}")

    wanted = (
        "an address such as https://school.example, with a name and without a path; http is for this machine "
    )
    return _read(name, urlsplit(default), parse, f"{wanted}and private networks only")


def _is_near(host):
    """This machine, or an address that no stranger reaches: elsewhere passwords would travel in the clear (T66)."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_private
    except ValueError:
        return False


def page(name):
    """The address of a page elsewhere, or empty."""
    known = _checked(lambda value: urlsplit(value).scheme == "https" and urlsplit(value).hostname)
    return _read(name, "", known, "an address such as https://school.example/privacy")


def hosts(name, default, loose, site=None):
    """Return a list of exact host names, the site's own among them; with wildcards only where `loose` (T63)."""

    def parse(value):
        names = [host.strip().lower() for host in value.split(",") if host.strip()]
        if not loose and not (all(map(_is_host, names)) and (site in names or site is None)):
            raise ValueError
        return names

    wanted = "exact host names with commas between them, without https://, a port, * or a leading dot"
    return _read(
        name, default, parse, wanted if site is None else f"{wanted}, and {site} of SITE_URL among them"
    )


def _is_host(name):
    if name.startswith("[") and name.endswith("]"):
        return ip_address(name[1:-1]).version == 6
    return HOST_NAME.fullmatch(name) is not None


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
        # environ speaks STARTTLS for smtps://, which everybody else means as TLS from the first byte.
        found = environ.Env.email_url_config(re.sub("^smtps:", "smtp+ssl:", value, flags=re.IGNORECASE))
        is_smtp = found["EMAIL_BACKEND"].endswith("smtp.EmailBackend") and found["EMAIL_HOST"]
        usual = 465 if found.get("EMAIL_USE_SSL") else 587 if found.get("EMAIL_USE_TLS") else 25
        port = found["EMAIL_PORT"] or usual
        # On each other's usual port the two ways of TLS wait for each other until the time is up.
        if not is_smtp or {usual, port} == {465, 587} or urlsplit(value).path.strip("/"):
            raise ValueError
        return found | {"EMAIL_PORT": port}

    wanted = "smtp+tls://user:password@host:587, smtps://user:password@host:465 or smtp://host:port"
    return _read(name, None, parse, f"{wanted}{SIGNS}")


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


def secret_key(name, file: Path, is_alone=True):
    """Return the key from the environment, or from `file`, which the first process to start creates.

    Not from a file where there may be several machines: each would create its own, and end the others' sessions.
    """
    if key := _read(name, None, _long_enough, LONG_ENOUGH):
        return key
    if not is_alone:
        raise ImproperlyConfigured(
            f"{name} must be set where PostgreSQL or Redis is another machine: {LONG_ENOUGH}."
        )
    return _kept(file)


def is_here(url):
    """Whether this address of a database or broker, or its absence, means this very machine."""
    found = urlsplit(url or "")
    return found.hostname in {None, "localhost", "127.0.0.1", "::1"}


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
