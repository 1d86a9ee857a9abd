"""Checks the settings on which security depends, at every start of web, worker, beat and manage.py.

A wrong one stops the start if strangers can reach the site, that is if SITE_URL is on https or names another machine.
A developer's http://localhost starts all the same.
"""

import gc
import os
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.utils.log import configure_logging

from config import logs
from config.env_secrets import SECRET_KEY_LENGTH

LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1"}

# Setting: (the value it must have, why).
REQUIRED_VALUES = {
    "DEBUG": (False, "it would show settings and code to strangers (T76)."),
    "USE_X_FORWARDED_HOST": (False, "with it, anybody could choose the site's host name (T63)."),
    "SECURE_REFERRER_POLICY": (
        "same-origin",
        "other sites see no address; Django's forms need the origin (T27).",
    ),
    "SECURE_CROSS_ORIGIN_OPENER_POLICY": (
        "same-origin",
        "other sites must not learn anything from a window (T74).",
    ),
    "X_FRAME_OPTIONS": ("DENY", "no other site may show ours in a frame (T41)."),
    "SESSION_ENGINE": (
        "accounts.models.session",
        "sessions have to end when we say so, and survive the loss of Redis (F11).",
    ),
    "SESSION_COOKIE_HTTPONLY": (True, "no script needs this cookie."),
    "CSRF_COOKIE_HTTPONLY": (True, "no script needs this cookie: htmx takes the token from the page."),
    "SESSION_COOKIE_SAMESITE": ("Lax", "other sites must not send this cookie (T61, T74)."),
    "CSRF_COOKIE_SAMESITE": ("Lax", "other sites must not send this cookie (T61, T74)."),
    "SESSION_COOKIE_DOMAIN": (None, "a __Host- cookie must not have a domain."),
    "CSRF_COOKIE_DOMAIN": (None, "a __Host- cookie must not have a domain."),
    "SESSION_COOKIE_PATH": ("/", "a __Host- cookie must have this path."),
    "CSRF_COOKIE_PATH": ("/", "a __Host- cookie must have this path."),
    "DATA_UPLOAD_MAX_MEMORY_SIZE": (65_536, "64 kB is more than any form needs (T68)."),
    "DATA_UPLOAD_MAX_NUMBER_FIELDS": (
        1_000,
        "with fewer, a decision on too many requests gets no sentence as its answer (T68).",
    ),
    "DATA_UPLOAD_MAX_NUMBER_FILES": (0, "there are no uploads (T73)."),
    "ACCOUNT_PREVENT_ENUMERATION": (True, "nobody may learn who has an account (T54)."),
    "ACCOUNT_REAUTHENTICATION_REQUIRED": (True, "a borrowed session must not change the password (T60)."),
    "ACCOUNT_CONFIRM_EMAIL_ON_GET": (False, "mail scanners open links (T37)."),
    "ACCOUNT_LOGOUT_ON_GET": (False, "a GET must not change anything (J5)."),
    "ACCOUNT_LOGIN_ON_PASSWORD_RESET": (False, "mail scanners open links (T37)."),
    "EMAIL_TIMEOUT": (10, "in seconds; a silent mail server must not hold up the others (F23)."),
    "CELERY_TASK_ACKS_LATE": (False, "a task that kills its worker must not come back (F04, F26)."),
    "CELERY_TASK_IGNORE_RESULT": (True, "no result may be stored (T26)."),
    "CELERY_ACCEPT_CONTENT": (["json"], "a pickled message can run code."),
    "CELERY_TIMEZONE": ("UTC", "in UTC no hour comes twice (F21)."),
    "CELERY_WORKER_PREFETCH_MULTIPLIER": (1, "a busy worker must not take tasks that another could do."),
}


def refuse_to_start():
    """Stop this process with one sentence if a setting is wrong; otherwise set up logging.

    Every entry point (manage.py, wsgi, Celery, the web servers) calls this first.
    """
    try:
        found = run_checks(tags=[Tags.security])  # reads the settings for the first time
        wrong = [message.msg for message in found if message.is_serious()]
    except ImproperlyConfigured as unreadable:
        wrong = [str(unreadable)]
    except ModuleNotFoundError as missing:
        if not f"{os.environ['DJANGO_SETTINGS_MODULE']}.".startswith(f"{missing.name}."):
            raise  # another module is missing: a package is not installed
        wrong = ["DJANGO_SETTINGS_MODULE names no module: leave it unset, or set it to config.settings."]
    if wrong:
        more = f" ({len(wrong) - 1} more like this.)" if wrong[1:] else ""
        sentence = f"Homeroom does not start: {wrong[0]}{more}"
        raise SystemExit(logs.refusal(sentence, os.environ.get("LOG_FORMAT", "").strip()))
    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)
    gc.freeze()  # what is imported by now stays: the garbage collector would look through it again and again


@register(Tags.security)
def check_settings(app_configs=None, **_):
    if settings.SITE.hostname in LOCAL_HOSTS and not settings.ON_HTTPS:
        return []
    checked = [*_required(), *_site(), *_https(), *_accounts(), *_database(), *_broker()]
    wrong = [Error(f"{name}: {why}", id="homeroom.E001") for name, is_right, why in checked if not is_right]
    return wrong + [Warning(message, id="homeroom.W001") for message in _unencrypted()]


# Each of these yields (setting, whether it is right, why).


def _required():
    for name, (value, why) in REQUIRED_VALUES.items():
        yield name, getattr(settings, name) == value, f"must be {value!r}: {why}"


def _site():
    exact = [host for host in settings.ALLOWED_HOSTS if not host.startswith(("*", "."))]
    yield "ALLOWED_HOSTS", exact and exact == settings.ALLOWED_HOSTS, "must be exact host names (T63)."
    is_site_url = settings.CSRF_TRUSTED_ORIGINS == [settings.SITE_URL]
    yield "CSRF_TRUSTED_ORIGINS", is_site_url, "must be SITE_URL alone (T61)."
    shortest = min(map(len, [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]))
    yield "SECRET_KEY", shortest >= SECRET_KEY_LENGTH, f"must have {SECRET_KEY_LENGTH} characters or more."


def _https():
    on_https, prefix = settings.ON_HTTPS, "__Host-" if settings.ON_HTTPS else ""
    for name in ("SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"):
        is_right = getattr(settings, name) is on_https
        yield name, is_right, "must be True if SITE_URL is on https, otherwise False."
    for name, cookie in {"SESSION_COOKIE_NAME": "sessionid", "CSRF_COOKIE_NAME": "csrftoken"}.items():
        is_right = getattr(settings, name) == prefix + cookie
        yield name, is_right, "must begin with __Host- if SITE_URL is on https, otherwise not."
    year = 31_536_000 if on_https else 0  # seconds
    yield "SECURE_HSTS_SECONDS", year == settings.SECURE_HSTS_SECONDS, "must be a year on https, otherwise 0."
    hops, header = settings.TRUSTED_PROXIES, getattr(settings, "SECURE_PROXY_SSL_HEADER", None)
    is_same = hops == settings.ALLAUTH_TRUSTED_PROXY_COUNT
    yield "ALLAUTH_TRUSTED_PROXY_COUNT", is_same, "must be the same as TRUSTED_PROXIES (T19)."
    is_right = (header == ("HTTP_X_FORWARDED_PROTO", "https")) is bool(hops)
    yield "SECURE_PROXY_SSL_HEADER", is_right, "must be set if a proxy of yours sets it, otherwise not (T64)."
    why = "on https there is a proxy of yours in front of the site. Say how many there are (T19, T66)."
    yield "TRUSTED_PROXIES", hops > 0 or not on_https, why


def _accounts():
    is_argon = settings.PASSWORD_HASHERS[0] == "config.hashers.Argon2"
    yield "PASSWORD_HASHERS", is_argon, "must begin with Argon2, which hashes new passwords (L3)."
    cache = settings.CACHES["default"]["BACKEND"]
    is_ours = cache == "config.rate_limit_cache.RateLimitCache"
    yield "CACHES", is_ours, "all processes must share the limits, without Redis too (F09)."


def _database():
    database = settings.DATABASES["default"]
    options = database["OPTIONS"]
    is_off = not database.get("ATOMIC_REQUESTS")
    yield "ATOMIC_REQUESTS", is_off, "must be off, because transactions have to be short (F18)."
    if database["ENGINE"].endswith("sqlite3"):
        is_immediate = options["transaction_mode"] == "IMMEDIATE"
        yield (
            "transaction_mode",
            is_immediate,
            "must be IMMEDIATE, so that writers wait instead of failing (F18).",
        )
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            is_set = pragma in options["init_command"]
            yield f"PRAGMA {pragma}", is_set, "must be set, so that no commit is lost (F19)."
    else:
        for limit in ("statement_timeout=", "lock_timeout=", "idle_in_transaction_session_timeout="):
            yield (
                limit,
                limit in options["options"],
                "must be set; options in DATABASE_URL replace ours (F15).",
            )
        yield "connect_timeout", 0 < int(options["connect_timeout"]) <= 3, "must be at most 3 seconds (F12)."
        is_on = database["CONN_HEALTH_CHECKS"]
        yield "CONN_HEALTH_CHECKS", is_on, "must be on, so that the site recovers without a restart (F12)."


def _broker():
    broker, longest = settings.CELERY_BROKER_TRANSPORT_OPTIONS, settings.CELERY_TASK_TIME_LIMIT
    yield "CELERY_TASK_TIME_LIMIT", 0 < longest <= 90, "must be at most 90 seconds (F30)."
    is_earlier = 0 < settings.CELERY_TASK_SOFT_TIME_LIMIT < longest
    yield "CELERY_TASK_SOFT_TIME_LIMIT", is_earlier, "must end a task before the hard limit kills it (F30)."
    if settings.REDIS_URL:
        is_longer = broker["visibility_timeout"] > longest
        yield "visibility_timeout", is_longer, "must be longer than the longest task (F04)."
        for name in ("socket_timeout", "socket_connect_timeout"):
            yield name, 0 < broker[name] <= 1, "must be at most a second (F10)."


def _unencrypted():
    encrypted = settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL
    if settings.MAIL_SERVER and _is_remote(settings.EMAIL_HOST) and not encrypted:
        yield "EMAIL_URL: mails and password travel unencrypted; use smtp+tls://."
    broker = urlsplit(settings.REDIS_URL or "")
    if _is_remote(broker.hostname) and not broker.password:
        yield "REDIS_URL: it has no password, so anybody who reaches it can start tasks."


def _is_remote(host):
    """Return whether mail or tasks would leave this machine. Names without a dot belong to a network of containers."""
    return host is not None and "." in host and host not in LOCAL_HOSTS
