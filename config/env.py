"""Reads settings from the environment, one function for each kind of value.

A value that can't be read stops the start; the error names the variable and never shows the value, which may be a
secret. An empty variable counts as not set, because compose files pass on variables that way. Spaces around a value are
dropped. Quotes around it stop the start, because they would become part of the value.
"""

import os
import re
import unicodedata
from contextlib import suppress
from datetime import date, timedelta
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import available_timezones

import environ
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

ESCAPES = ", with / @ : ? # % in a password as %2F %40 %3A %3F %23 %25"
LONGEST_URL = 1000  # characters
LONGEST_TEXT = 500  # characters
LONGEST_PERIOD = timedelta(days=731)
LONGEST_DATABASE = 63  # bytes of a database's name in PostgreSQL
USUAL_PORTS = {"http": 80, "https": 443}
MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
POSTGRES, SQLITE = {"postgres", "postgresql"}, {"sqlite"}
# Options that DATABASE_URL may have after its "?", each with a test of its value. config.backends sets all others.
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
# The name of a machine. Names of websites have no underscore (_is_site_host), because Django would answer 400.
HOST_NAME = re.compile(
    r"(?=.{1,253}+\Z)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*"
)
NUMBER = re.compile(r"-?[0-9]{1,12}")
# ASCII without # and without what must be written as %XX.
URL_CHARACTERS = re.compile(r"[!$-;=?-Z\[\]_a-z~]+")
BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")  # a % without two hexadecimal digits after it
SENDER = re.compile(r'\A(?:(?:"[^"<>]*" ?|[^"<>@,;:()\\]*)<([^<>\s]+)>|([^<>\s]+))')

READ = set()  # the names of all variables read so far; config.misspelt compares others with them


def read(name, default, parse, wanted):
    READ.add(name)
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if value[0] == value[-1] and value[0] in "'\"`":
        raise ImproperlyConfigured(f"{name} is set in quotes: write its value without them.")
    if any(unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp"} for character in value):
        raise ImproperlyConfigured(
            f"{name} has a line break in it, or another invisible character: type it again."
        )
    try:
        return parse(value)
    except (ValueError, OverflowError, KeyError, OSError, ImproperlyConfigured, ValidationError):
        raise ImproperlyConfigured(f"{name} must be {wanted}.") from None


def checked(test):
    def parse(value):
        if not test(value):
            raise ValueError
        return value

    return parse


def text(name, default="", longest=LONGEST_TEXT):
    return read(name, default, checked(lambda value: len(value) <= longest), f"at most {longest} characters")


def period(name):
    """Return (first day, last day) from "2026-08-01/2027-07-31"; None if the variable isn't set."""

    def parse(value):
        first, last = (date.fromisoformat(day) for day in value.split("/"))
        if not timedelta() < last - first <= LONGEST_PERIOD:
            raise ValueError
        return first, last

    return read(name, None, parse, "a first and a last day within two years, such as 2026-08-01/2027-07-31")


def choice(name, known):
    """Return one of the words in `known`; the first one is the default."""
    return read(name, known[0], checked(known.__contains__), " or ".join(known))


def flag(name):
    return read(name, False, lambda value: {"true": True, "false": False}[value.lower()], "true or false")


def number(name, default, between, of=""):
    """Return a whole number. `between` are the lowest and the highest that are allowed."""
    least, most = between

    def parse(value):
        if not NUMBER.fullmatch(value):  # int() would also accept 1_000 and digits of other scripts
            raise ValueError
        return checked(lambda found: least <= found <= most)(int(value))

    return read(name, default, parse, f"a whole number{of} from {least} to {most}")


def seconds(name, default, between):
    """Return a timedelta; `default` and the two of `between` are timedeltas too."""
    default, least, most = (int(span.total_seconds()) for span in (default, *between))
    return timedelta(seconds=number(name, default, (least, most), of=" of seconds"))


def time_zone(name, default):
    known = checked(lambda zone: zone in available_timezones() - {"localtime", "Factory"})
    return read(name, default, known, "the IANA name of a time zone, such as Europe/Oslo")


def _url(value, schemes, options=None):
    """Split the URL of a server. urlsplit() and the libraries that use it accept nearly everything; this does not.

    `options` maps each name allowed after a "?" to a test of its value; none may appear twice. Raises ValueError.
    """
    if len(value) > LONGEST_URL or not URL_CHARACTERS.fullmatch(value) or BAD_ESCAPE.search(value):
        raise ValueError
    url = urlsplit(value)
    credentials, _, host = url.netloc.rpartition("@")
    is_malformed = (
        host.endswith(":")
        or value.endswith("?")
        or "@" in credentials
        or (credentials and not url.username and not url.password)
    )
    if url.scheme not in schemes or is_malformed or url.port == 0:  # .port raises ValueError if it is no port
        raise ValueError
    if host and not _is_host(url.hostname or ""):
        raise ValueError
    found = parse_qsl(url.query, keep_blank_values=True, strict_parsing=bool(url.query))
    tests = options or {}
    if len(dict(found)) < len(found) or not all(key in tests and tests[key](value) for key, value in found):
        raise ValueError
    return url


def _is_host(name):
    """Return whether this is a machine's name or IP address.

    Browsers read a name whose last part is a number as an IP address, so such a name is refused.
    """
    with suppress(ValueError):
        address = ip_address(name)
        is_reserved = address.version == 4 and address.is_reserved
        return not (address.is_unspecified or address.is_multicast or is_reserved)
    return HOST_NAME.fullmatch(name) is not None and not re.fullmatch(
        "[0-9]+|0x[0-9a-f]*", name.split(".")[-1]
    )


def site_url(name, default):
    """Return the site's own URL, split, in the form in which browsers send it in Origin.

    That is in lower case and without the scheme's usual port. Links in mails begin with it.
    """

    def parse(value):
        url = _url(value.lower().rstrip("/"), USUAL_PORTS)
        if url.path or url.username is not None or not _is_site_host(url.hostname):
            raise ValueError
        if url.scheme == "http" and not _is_private(url.hostname):
            raise ValueError
        usual = url.port in {None, USUAL_PORTS[url.scheme]}
        return url._replace(netloc=url.hostname if usual else f"{url.hostname}:{url.port}")

    wanted = (
        "an address such as https://school.example, with a name and without a path; http is for this machine "
    )
    written = _punycode(os.environ.get(name, ""))
    return read(name, urlsplit(default), parse, f"{wanted}and private networks only{written}")


def _punycode(value):
    """Return the end of the sentence about a host with letters such as "ü": how browsers send it. Otherwise nothing."""
    with suppress(ValueError):
        host = (urlsplit(value.strip().lower()).hostname or "").removesuffix(".")
        written = host.encode("idna").decode()
        if written != host and written.encode().decode("idna") == host:  # "ß" would become "ss", another host
            return f". Write its host as {written}"
    return ""


def _is_site_host(host):
    """Return whether browsers can use this host. An IPv6 address can't be used: its form differs between headers."""
    return bool(host) and not {"_", ":"} & set(host) and _is_host(host)


def _is_private(host):
    """Return whether no stranger reaches this host. To any other, http would carry passwords in the clear (T66)."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_private
    except ValueError:
        return False


def page(name):
    """Return the URL of a page on another site, or an empty string."""

    def parse(value):
        # Somebody else's page may have any query and any fragment, so these are not checked by _url().
        url = _url(re.split("[?#]", value)[0], {"https"})
        is_encoded = URL_CHARACTERS.fullmatch(value.replace("#", "", 1))
        if not url.hostname or url.username is not None or not is_encoded:
            raise ValueError
        return value

    return read(name, "", parse, "an address such as https://school.example/privacy")


def hosts(name, default, loose, site=None):
    """Return a list of host names. They must be exact and include `site`, unless `loose` is true (T63)."""

    def parse(value):
        names = [host.strip().lower() for host in value.split(",") if host.strip()]
        if not loose and not (all(map(_is_exact, names)) and (site in names or site is None)):
            raise ValueError
        return names

    wanted = "exact host names with commas between them, without https://, a port, * or a leading dot"
    return read(
        name, default, parse, wanted if site is None else f"{wanted}, and {site} of SITE_URL among them"
    )


def _is_exact(name):
    if name.startswith("[") and name.endswith("]"):
        return ip_address(name[1:-1]).version == 6
    return _is_site_host(name)


def database(name):
    """Return an entry of DATABASES, or None if the variable is not set."""

    def parse(value):
        url = _url(value, POSTGRES | SQLITE, POSTGRES_OPTIONS)
        path = unquote(url.path[1:])
        if url.scheme in SQLITE:
            fits = not (url.netloc or url.query) and _can_be_written(Path(path))
        else:
            fits = path and "/" not in path and len(path.encode()) <= LONGEST_DATABASE
        if not fits or (url.netloc and not url.hostname) or (url.password and not url.username):
            raise ValueError
        return environ.Env.db_url_config(value)

    options = f"; behind a ? stand only {', '.join(POSTGRES_OPTIONS)}"
    wanted = "postgres://user:password@host:port/name or sqlite:///file (one that can be written)"
    return read(name, None, parse, f"{wanted}{ESCAPES}{options}")


def redis(name):
    def parse(value):
        url = _url(value, {"redis", "rediss"}, REDIS_OPTIONS)
        if not url.hostname or not re.fullmatch("/?|/[0-9]{1,4}", url.path):
            raise ValueError
        return value

    return read(name, None, parse, f"redis://:password@host:port/number{ESCAPES}")


def mail(name):
    """Return Django's EMAIL_ settings as a dictionary, or None if the variable is not set."""

    def parse(value):
        url = _url(value, MAIL_PORTS)
        usual = MAIL_PORTS[url.scheme]
        port = url.port or usual
        # With STARTTLS on 465, or TLS on 587, client and server wait for each other until a timeout.
        is_wrong_tls = port != usual and {port, usual} & {465} and {port, usual} <= set(MAIL_PORTS.values())
        # With only one of the two, Django would silently not log in.
        is_half = bool(url.username) != bool(url.password)
        if not url.hostname or url.path.strip("/") or is_wrong_tls or is_half:
            raise ValueError
        # environ uses STARTTLS for smtps://; everybody else means TLS from the first byte.
        found = environ.Env.email_url_config(re.sub("^smtps:", "smtp+ssl:", value, flags=re.IGNORECASE))
        return found | {"EMAIL_PORT": port}

    wanted = "smtp+tls://user:password@host:587, smtps://user:password@host:465 or smtp://host:port"
    return read(name, None, parse, f"{wanted}{ESCAPES}")


def sender(name, default):
    def parse(value):
        one = SENDER.fullmatch(value) if len(value) <= LONGEST_TEXT else None
        address = one and (one[1] or one[2])
        if not address or not address.isascii():  # few mail servers accept other letters in an address
            raise ValueError
        validate_email(address)
        return value

    return read(name, default, parse, "an address such as Homeroom <homeroom@school.example>")


def sentry(name):
    """Return the DSN of a Sentry project, or an empty string."""

    def parse(value):
        url = _url(value, USUAL_PORTS)
        project = url.path.rpartition("/")[2]
        if not (url.username and url.hostname and project.isdecimal()):
            raise ValueError
        return value

    return read(name, "", parse, "an address such as https://key@sentry.school.example/1")


def folder(name, default, base):
    """Return the folder's path, relative to `base`. If it is missing, create it, readable only by its owner."""

    def made(value):
        _path(base, value).mkdir(mode=0o700, parents=True, exist_ok=True)
        return checked(lambda path: os.access(path, os.W_OK | os.X_OK))(base / value)

    return read(name, None, made, "a folder that can be written to, or made") or made(default)


def file(name, default: Path, base):
    """Return the path of a file, relative to `base`. It must be writable; it may be missing if its folder is there."""
    parse = lambda value: checked(_can_be_written)(_path(base, value))  # noqa: E731
    return read(name, default, parse, "a file that can be written to, in a folder that is there")


def _path(base, value):
    """Join the two. Raises ValueError for ~ and $: only a shell replaces them, here they would become a name."""
    if value.startswith("~") or "$" in value:
        raise ValueError
    return base / value


def _can_be_written(path):
    if path.exists():
        return path.is_file() and os.access(path, os.R_OK | os.W_OK)
    return path.name and path.parent.is_dir() and os.access(path.parent, os.W_OK | os.X_OK)


def is_this_machine(host):
    """Return whether this host of a database or broker is this machine. So is a missing host."""
    return not host or host in {"localhost", "127.0.0.1", "::1"}
