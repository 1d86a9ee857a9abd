"""Reads the environment. What can't be read stops the start and names its variable, never its value.

A variable that is set but empty counts as not set: that is what compose files pass on. Spaces around a value are
dropped; quotes around it stop the start, because they would be taken for a part of it.
"""

import os
import re
import secrets
import tempfile
import unicodedata
from contextlib import suppress
from datetime import timedelta
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import available_timezones

import environ
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

SECRET_KEY_LENGTH = 50  # characters, at least
TOKEN_LENGTH = 32  # characters, at least
DIFFERENT = 10  # characters, at least; sixteen in a key of hexadecimal digits
SIGNS = ", with / @ : ? # % in a password as %2F %40 %3A %3F %23 %25"
LONG_ENOUGH = "at least {} random characters, without commas or spaces"
HIGHEST_PORT = 65_535
LONGEST_ADDRESS = 1000  # characters
LONGEST_TEXT = 500  # characters
LONGEST_DATABASE = 63  # bytes of a database's name in PostgreSQL
USUAL_PORTS = {"http": 80, "https": 443}
MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
POSTGRES, SQLITE = {"postgres", "postgresql"}, {"sqlite"}
# What a link to PostgreSQL may say behind its "?": the rest is said by config.backends.
TLS = {"disable", "allow", "prefer", "require", "verify-ca", "verify-full"}
POSTGRES_OPTIONS = {
    "sslmode": TLS.__contains__,
    "channel_binding": {"disable", "prefer", "require"}.__contains__,
    "sslrootcert": lambda value: value == "system" or os.access(value, os.R_OK),
    "sslcert": partial(os.access, mode=os.R_OK),
    "sslkey": partial(os.access, mode=os.R_OK),
}
REDIS_OPTIONS = {
    "ssl_cert_reqs": {"none", "optional", "required"}.__contains__,
    "ssl_ca_certs": partial(os.access, mode=os.R_OK),
}
# Of a machine. One that browsers ask for has no underscore: Django answers none with 400.
HOST_NAME = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*"
)
NUMBER = re.compile(r"-?[0-9]{1,12}")
IN_AN_ADDRESS = re.compile(r"[!$-;=?-Z\[\]_a-z~]+")  # all of ASCII but # and what must be written as %XX
SPOILT = re.compile(r"%(?![0-9A-Fa-f]{2})")  # a % that begins no %XX
ONE_SENDER = re.compile(r'\A(?:(?:"[^"<>]*" ?|[^"<>@,;:()\\]*)<([^<>\s]+)>|([^<>\s]+))')

READ = set()  # every name that was asked for


def _read(name, default, parse, wanted):
    READ.add(name)
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if value[0] == value[-1] and value[0] in "'\"`":
        raise ImproperlyConfigured(f"{name} is set in quotes: write its value without them.")
    if any(unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp"} for character in value):
        raise ImproperlyConfigured(
            f"{name} has a line break in it, or another character that nobody sees: type it anew."
        )
    try:
        return parse(value)
    except (ValueError, OverflowError, KeyError, OSError, ImproperlyConfigured, ValidationError):
        raise ImproperlyConfigured(f"{name} must be {wanted}.") from None


def _checked(test):
    def parse(value):
        if not test(value):
            raise ValueError
        return value

    return parse


def text(name, default="", longest=LONGEST_TEXT):
    return _read(
        name, default, _checked(lambda value: len(value) <= longest), f"at most {longest} characters"
    )


def choice(name, known):
    """Return one of the words in `known`; the first is the default."""
    return _read(name, known[0], _checked(known.__contains__), " or ".join(known))


def flag(name):
    return _read(name, False, lambda value: {"true": True, "false": False}[value.lower()], "true or false")


def number(name, default, least, most, of=""):
    def parse(value):
        if not NUMBER.fullmatch(value):  # int() takes 1_000 and other scripts' digits too
            raise ValueError
        return _checked(lambda found: least <= found <= most)(int(value))

    return _read(name, default, parse, f"a whole number{of} from {least} to {most}")


def port(name, default):
    return number(name, default, least=1, most=HIGHEST_PORT)


def seconds(name, default, least, most):
    """Return a timedelta; `default`, `least` and `most` are timedeltas too."""
    bounds = [int(bound.total_seconds()) for bound in (default, least, most)]
    return timedelta(seconds=number(name, *bounds, of=" of seconds"))


def time_zone(name, default):
    known = _checked(lambda zone: zone in available_timezones() - {"localtime", "Factory"})
    return _read(name, default, known, "the IANA name of a time zone, such as Europe/Oslo")


def _address(value, schemes, options=None):
    """Split the address of something elsewhere: urlsplit() itself takes nearly everything, and so do those who use it.

    `options` are what may stand behind a "?", each once, with a test of its value. Raises ValueError.
    """
    if len(value) > LONGEST_ADDRESS or not IN_AN_ADDRESS.fullmatch(value) or SPOILT.search(value):
        raise ValueError
    url = urlsplit(value)
    whom, _, where = url.netloc.rpartition("@")
    has_no_end = (
        where.endswith(":")
        or value.endswith("?")
        or "@" in whom
        or (whom and not url.username and not url.password)
    )
    if url.scheme not in schemes or has_no_end or url.port == 0:  # .port raises where it is no port
        raise ValueError
    if where and not _is_host(url.hostname or ""):
        raise ValueError
    found = parse_qsl(url.query, keep_blank_values=True, strict_parsing=bool(url.query))
    tests = options or {}
    if len(dict(found)) < len(found) or not all(key in tests and tests[key](said) for key, said in found):
        raise ValueError
    return url


def _is_host(name):
    """A machine's name or address; numbers at the end of a name make browsers take all of it for an address."""
    with suppress(ValueError):
        it = ip_address(name)
        return not (it.is_unspecified or it.is_multicast or (it.version == 4 and it.is_reserved))
    return HOST_NAME.fullmatch(name) is not None and not re.fullmatch(
        "[0-9]+|0x[0-9a-f]*", name.split(".")[-1]
    )


def site_url(name, default):
    """The address in every mail, as browsers send it back in Origin: in small letters, without a port that is usual."""

    def parse(value):
        url = _address(value.lower().rstrip("/"), USUAL_PORTS)
        if url.path or url.username is not None or not _is_asked_for(url.hostname):
            raise ValueError
        if url.scheme == "http" and not _is_near(url.hostname):
            raise ValueError
        usual = url.port in {None, USUAL_PORTS[url.scheme]}
        return url._replace(netloc=url.hostname if usual else f"{url.hostname}:{url.port}")

    wanted = (
        "an address such as https://school.example, with a name and without a path; http is for this machine "
    )
    return _read(name, urlsplit(default), parse, f"{wanted}and private networks only")


def _is_asked_for(host):
    """By browsers, which name it in each request; an IPv6 address has other forms in different headers."""
    return bool(host) and not {"_", ":"} & set(host) and _is_host(host)


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

    def parse(value):
        # Not for us to know: which options the page of somebody else has, and whether a part of it is meant.
        url = _address(re.split("[?#]", value)[0], {"https"})
        if (
            not url.hostname
            or url.username is not None
            or not IN_AN_ADDRESS.fullmatch(value.replace("#", "", 1))
        ):
            raise ValueError
        return value

    return _read(name, "", parse, "an address such as https://school.example/privacy")


def hosts(name, default, loose, site=None):
    """Return a list of exact host names, the site's own among them; with wildcards only where `loose` (T63)."""

    def parse(value):
        names = [host.strip().lower() for host in value.split(",") if host.strip()]
        if not loose and not (all(map(_is_exact, names)) and (site in names or site is None)):
            raise ValueError
        return names

    wanted = "exact host names with commas between them, without https://, a port, * or a leading dot"
    return _read(
        name, default, parse, wanted if site is None else f"{wanted}, and {site} of SITE_URL among them"
    )


def _is_exact(name):
    if name.startswith("[") and name.endswith("]"):
        return ip_address(name[1:-1]).version == 6
    return _is_asked_for(name)


def database(name):
    """Return Django's description of the database, or None where the variable is not set."""

    def parse(value):
        url = _address(value, POSTGRES | SQLITE, POSTGRES_OPTIONS)
        kept = unquote(url.path[1:])
        if url.scheme in SQLITE:
            fits = not (url.netloc or url.query) and _can_be_written(Path(kept))
        else:
            fits = kept and "/" not in kept and len(kept.encode()) <= LONGEST_DATABASE
        if not fits or (url.netloc and not url.hostname) or (url.password and not url.username):
            raise ValueError
        return environ.Env.db_url_config(value)

    options = f"; behind a ? stand only {', '.join(POSTGRES_OPTIONS)}"
    wanted = "postgres://user:password@host:port/name or sqlite:///file (one that can be written)"
    return _read(name, None, parse, f"{wanted}{SIGNS}{options}")


def redis(name):
    def parse(value):
        url = _address(value, {"redis", "rediss"}, REDIS_OPTIONS)
        if not url.hostname or not re.fullmatch("/?|/[0-9]{1,4}", url.path):
            raise ValueError
        return value

    return _read(name, None, parse, f"redis://:password@host:port/number{SIGNS}")


def mail(name):
    """Return Django's EMAIL_ settings as a dictionary, or None where the variable is not set."""

    def parse(value):
        url = _address(value, MAIL_PORTS)
        usual = MAIL_PORTS[url.scheme]
        port = url.port or usual
        # On each other's usual port the two ways of TLS wait for each other until the time is up.
        is_mute = port != usual and {port, usual} & {465} and {port, usual} <= set(MAIL_PORTS.values())
        # Without a password Django would not even try to log in.
        is_half = bool(url.username) != bool(url.password)
        if not url.hostname or url.path.strip("/") or is_mute or is_half:
            raise ValueError
        # environ speaks STARTTLS for smtps://, which everybody else means as TLS from the first byte.
        found = environ.Env.email_url_config(re.sub("^smtps:", "smtp+ssl:", value, flags=re.IGNORECASE))
        return found | {"EMAIL_PORT": port}

    wanted = "smtp+tls://user:password@host:587, smtps://user:password@host:465 or smtp://host:port"
    return _read(name, None, parse, f"{wanted}{SIGNS}")


def sender(name, default):
    def parse(value):
        one = ONE_SENDER.fullmatch(value) if len(value) <= LONGEST_TEXT else None
        address = one and (one[1] or one[2])
        if not address or not address.isascii():  # a mail server that takes others is rare
            raise ValueError
        validate_email(address)
        return value

    return _read(name, default, parse, "an address such as Homeroom <homeroom@school.example>")


def sentry(name):
    """The address to which a Sentry wants its errors, or empty."""

    def parse(value):
        url = _address(value, USUAL_PORTS)
        project = url.path.rpartition("/")[2]
        if not (url.username and url.hostname and project.isdecimal()):
            raise ValueError
        return value

    return _read(name, "", parse, "an address such as https://key@sentry.school.example/1")


def folder(name, default, base):
    """Return the folder, below `base` where it begins with no /; one that is not there is made, for its owner alone."""

    def made(value):
        _path(base, value).mkdir(mode=0o700, parents=True, exist_ok=True)
        return _checked(lambda path: os.access(path, os.W_OK | os.X_OK))(base / value)

    return _read(name, None, made, "a folder that can be written to, or made") or made(default)


def file(name, default: Path, base):
    """Return the path of a file that can be written; it need not be there yet."""
    parse = lambda value: _checked(_can_be_written)(_path(base, value))  # noqa: E731
    return _read(name, default, parse, "a file that can be written to, in a folder that is there")


def _path(base, value):
    """Nothing here stands for anything else: a shell would have put the folder in its place."""
    if value.startswith("~") or "$" in value:
        raise ValueError
    return base / value


def _can_be_written(path):
    if path.exists():
        return path.is_file() and os.access(path, os.R_OK | os.W_OK)
    return path.name and path.parent.is_dir() and os.access(path.parent, os.W_OK | os.X_OK)


def secret_key(name, file: Path, is_alone=True):
    """Return the key from the environment, or from `file`, which the first process to start creates.

    Not from a file where there may be several machines: each would create its own, and end the others' sessions.
    """
    wanted = LONG_ENOUGH.format(SECRET_KEY_LENGTH)
    if key := _read(name, None, _random(SECRET_KEY_LENGTH), wanted):
        return key
    if not is_alone:
        raise ImproperlyConfigured(
            f"{name} must be set where PostgreSQL or Redis is another machine: {wanted}."
        )
    return _kept(file)


def secret_keys(name):
    """Return the list of keys that came before, with commas between them."""
    parse = _random(SECRET_KEY_LENGTH)
    wanted = f"keys with commas between them, each {LONG_ENOUGH.format(SECRET_KEY_LENGTH)}"
    return _read(name, [], lambda value: [parse(key.strip()) for key in value.split(",")], wanted)


def token(name):
    """Return what a machine brings to be let in, or None where the variable is not set."""
    return _read(name, None, _random(TOKEN_LENGTH), LONG_ENOUGH.format(TOKEN_LENGTH))


def _random(length):
    """Long enough, and no sentence, command or word written again and again that stands where a key belongs."""

    def is_random(value):
        is_plain = value.isascii() and not set(value) & set(" ,<>")
        is_example = value.startswith("django-insecure-")
        return is_plain and not is_example and len(value) >= length and len(set(value)) >= DIFFERENT

    return _checked(is_random)


def is_here(host):
    """Whether this host of a database or broker, or its absence, means this very machine."""
    return not host or host in {"localhost", "127.0.0.1", "::1"}


def _kept(file):
    if not file.exists():
        with tempfile.NamedTemporaryFile("w", dir=file.parent) as draft:  # readable by its owner alone
            draft.write(secrets.token_urlsafe(SECRET_KEY_LENGTH))
            draft.flush()
            # A link appears whole or not at all, so two processes that start at once end with one key.
            with suppress(FileExistsError):
                file.hardlink_to(draft.name)
    return file.read_text()
