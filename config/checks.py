"""Checks the settings on which security depends, at every start of web, worker, beat and manage.py.

A wrong one stops the start if strangers can reach the site, that is if SITE_URL is on https or names another machine.
A developer's http://localhost starts all the same.
"""

import os
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.utils.log import configure_logging

from config import logs
from config.env import SECRET_KEY_LENGTH

HERE = {"localhost", "127.0.0.1", "::1"}

# Setting: (the value it must have, why).
EXACTLY = {
    "DEBUG": (False, "Strangers would see settings and code (T76)."),
    "USE_X_FORWARDED_HOST": (False, "Anybody could choose the host (T63)."),
    "SECURE_REFERRER_POLICY": ("same-origin", "No address leaves; Django's forms need the origin (T27)."),
    "SECURE_CROSS_ORIGIN_OPENER_POLICY": ("same-origin", "Other sites learn nothing (T74)."),
    "X_FRAME_OPTIONS": ("DENY", "Nobody frames us (T41)."),
    "SESSION_ENGINE": (
        "django.contrib.sessions.backends.db",
        "To be revoked, and there without Redis (F11).",
    ),
    "SESSION_COOKIE_HTTPONLY": (True, "No script needs it."),
    "CSRF_COOKIE_HTTPONLY": (True, "htmx takes the token from the page."),
    "SESSION_COOKIE_SAMESITE": ("Lax", "T61, T74."),
    "CSRF_COOKIE_SAMESITE": ("Lax", "T61, T74."),
    "SESSION_COOKIE_DOMAIN": (None, "This very host: __Host- wants it."),
    "CSRF_COOKIE_DOMAIN": (None, "This very host: __Host- wants it."),
    "SESSION_COOKIE_PATH": ("/", "__Host- wants it."),
    "CSRF_COOKIE_PATH": ("/", "__Host- wants it."),
    "DATA_UPLOAD_MAX_MEMORY_SIZE": (65_536, "64 kB are more than any form (T68)."),
    "DATA_UPLOAD_MAX_NUMBER_FIELDS": (
        1_000,
        "A press on too many requests is answered with a sentence (T68).",
    ),
    "DATA_UPLOAD_MAX_NUMBER_FILES": (0, "There are no uploads (T73)."),
    "ACCOUNT_PREVENT_ENUMERATION": (True, "Nobody learns who has an account (T54)."),
    "ACCOUNT_REAUTHENTICATION_REQUIRED": (True, "A borrowed session changes no password (T60)."),
    "ACCOUNT_CONFIRM_EMAIL_ON_GET": (False, "Mail scanners open links (T37)."),
    "ACCOUNT_LOGOUT_ON_GET": (False, "A GET changes nothing (J5)."),
    "ACCOUNT_LOGIN_ON_PASSWORD_RESET": (False, "Mail scanners open links (T37)."),
    "EMAIL_TIMEOUT": (10, "seconds; a silent server must not hold up the rest (F23)."),
    "CELERY_TASK_ACKS_LATE": (False, "What ends its worker must not come back (F04, F26)."),
    "CELERY_TASK_IGNORE_RESULT": (True, "No result is kept anywhere (T26)."),
    "CELERY_ACCEPT_CONTENT": (["json"], "Pickle runs code."),
    "CELERY_TIMEZONE": ("UTC", "No hour twice (F21)."),
    "CELERY_WORKER_PREFETCH_MULTIPLIER": (1, "A busy worker hoards nothing."),
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
        wrong = ["DJANGO_SETTINGS_MODULE names no module: leave it out, or write config.settings."]
    if wrong:
        more = f" ({len(wrong) - 1} more like this.)" if wrong[1:] else ""
        sentence = f"Homeroom does not start: {wrong[0]}{more}"
        raise SystemExit(logs.refusal(sentence, os.environ.get("LOG_FORMAT", "").strip()))
    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)


@register(Tags.security)
def exactly_right(app_configs=None, **_):
    if settings.SITE.hostname in HERE and not settings.ON_HTTPS:
        return []
    exact = [(name, getattr(settings, name) == must, why) for name, (must, why) in EXACTLY.items()]
    found = [*exact, *_site(), *_https(), *_people(), *_database(), *_broker()]
    wrong = [Error(f"{name}: {why}", id="homeroom.E001") for name, is_right, why in found if not is_right]
    return wrong + [Warning(message, id="homeroom.W001") for message in _in_the_clear()]


def _site():
    exact = [host for host in settings.ALLOWED_HOSTS if not host.startswith(("*", "."))]
    yield "ALLOWED_HOSTS", exact and exact == settings.ALLOWED_HOSTS, "Exact names only (T63)."
    yield (
        "CSRF_TRUSTED_ORIGINS",
        settings.CSRF_TRUSTED_ORIGINS == [settings.SITE_URL],
        "SITE_URL alone (T61).",
    )
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    yield "SECRET_KEY", min(map(len, keys)) >= SECRET_KEY_LENGTH, f"{SECRET_KEY_LENGTH} characters or more."


def _https():
    on_https, prefix = settings.ON_HTTPS, "__Host-" if settings.ON_HTTPS else ""
    for name in ("SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"):
        yield name, getattr(settings, name) is on_https, "On exactly where SITE_URL is on https."
    for name in ("sessionid", "csrftoken"):
        setting = "SESSION_COOKIE_NAME" if name == "sessionid" else "CSRF_COOKIE_NAME"
        yield setting, getattr(settings, setting) == prefix + name, "__Host- exactly on https."
    year = 31_536_000 if on_https else 0  # seconds
    yield "SECURE_HSTS_SECONDS", year == settings.SECURE_HSTS_SECONDS, "A year on https."
    hops, header = settings.TRUSTED_PROXIES, getattr(settings, "SECURE_PROXY_SSL_HEADER", None)
    yield "ALLAUTH_TRUSTED_PROXY_COUNT", hops == settings.ALLAUTH_TRUSTED_PROXY_COUNT, "One count (T19)."
    told = (header == ("HTTP_X_FORWARDED_PROTO", "https")) is bool(hops)
    yield "SECURE_PROXY_SSL_HEADER", told, "Exactly where a proxy of yours sets it (T64)."
    why = "On https a proxy of yours stands in front: say how many there are (T19, T66)."
    yield "TRUSTED_PROXIES", hops > 0 or not on_https, why


def _people():
    yield "PASSWORD_HASHERS", settings.PASSWORD_HASHERS[0] == "config.hashers.Argon2", "It writes (L3)."
    cache = settings.CACHES["default"]["BACKEND"]
    yield (
        "CACHES",
        cache == "config.rate_limit_cache.RateLimitCache",
        "Shared limits, without Redis too (F09).",
    )


def _database():
    database = settings.DATABASES["default"]
    options = database["OPTIONS"]
    yield "ATOMIC_REQUESTS", not database.get("ATOMIC_REQUESTS"), "Transactions are short (F18)."
    if database["ENGINE"].endswith("sqlite3"):
        yield "transaction_mode", options["transaction_mode"] == "IMMEDIATE", "Writers queue up (F18)."
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            yield f"PRAGMA {pragma}", pragma in options["init_command"], "No commit is lost (F19)."
    else:
        for limit in ("statement_timeout=", "lock_timeout=", "idle_in_transaction_session_timeout="):
            yield limit, limit in options["options"], "Options in DATABASE_URL take the place of ours (F15)."
        yield "connect_timeout", 0 < int(options["connect_timeout"]) <= 3, "At most 3 seconds (F12)."
        yield "CONN_HEALTH_CHECKS", database["CONN_HEALTH_CHECKS"], "Back without a restart (F12)."


def _broker():
    broker, longest = settings.CELERY_BROKER_TRANSPORT_OPTIONS, settings.CELERY_TASK_TIME_LIMIT
    yield "CELERY_TASK_TIME_LIMIT", 0 < longest <= 90, "At most 90 seconds (F30)."
    asked = 0 < settings.CELERY_TASK_SOFT_TIME_LIMIT < longest
    yield "CELERY_TASK_SOFT_TIME_LIMIT", asked, "A task is asked to stop before it is killed (F30)."
    if settings.REDIS_URL:
        yield "visibility_timeout", broker["visibility_timeout"] > longest, "Over the longest task (F04)."
        for name in ("socket_timeout", "socket_connect_timeout"):
            yield name, 0 < broker[name] <= 1, "At most a second (F10)."


def _in_the_clear():
    encrypted = settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL
    if settings.MAIL_SERVER and _is_far(settings.EMAIL_HOST) and not encrypted:
        yield "EMAIL_URL: mails and password go in the clear; use smtp+tls://."
    broker = urlsplit(settings.REDIS_URL or "")
    if _is_far(broker.hostname) and not broker.password:
        yield "REDIS_URL: no password, so whoever reaches it can start tasks."


def _is_far(host):
    """Return whether mail or tasks would leave this machine. Names without a dot belong to a network of containers."""
    return host is not None and "." in host and host not in HERE
