"""Homeroom doesn't start if a setting that matters for security is wrong (the table of the threat model)."""

import os
import subprocess

import pytest
from django.conf import settings as homeroom

from config import backends, checks
from tests.deployed.school import PATH, command_of

SCHOOL = "https://school.example"


@pytest.fixture
def right(school, monkeypatch):
    """The settings of `school`, without those that make tests quick."""
    school.PASSWORD_HASHERS = ["config.hashers.Argon2"]
    school.CACHES = {"default": backends.RATE_LIMIT_CACHE}
    on_postgres = backends.database({"ENGINE": "django.db.backends.postgresql", "NAME": "homeroom"}, None)
    monkeypatch.setitem(homeroom.DATABASES, "default", on_postgres)
    return school


WRONG = {
    "SECRET_KEY_FALLBACKS": ["too short"],
    "ALLOWED_HOSTS": [".school.example"],
    "CSRF_TRUSTED_ORIGINS": [SCHOOL, "https://elsewhere.example"],
    "SECURE_SSL_REDIRECT": False,
    "SESSION_COOKIE_SECURE": False,
    "CSRF_COOKIE_SECURE": False,
    "SESSION_COOKIE_NAME": "sessionid",
    "CSRF_COOKIE_NAME": "csrftoken",
    "SECURE_HSTS_SECONDS": 3600,
    "TRUSTED_PROXIES": 0,
    "ALLAUTH_TRUSTED_PROXY_COUNT": 2,
    "SECURE_PROXY_SSL_HEADER": None,
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
    "CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
    "CELERY_TASK_TIME_LIMIT": 700,
    "CELERY_TASK_SOFT_TIME_LIMIT": 90,
    "CELERY_BROKER_TRANSPORT_OPTIONS": {"visibility_timeout": 60} | backends.REDIS | {"socket_timeout": 5},
    **dict.fromkeys(checks.REQUIRED_VALUES, "anything else"),
}


def test_nothing_is_said_where_all_is_right(right):
    assert checks.check_settings() == []
    checks.refuse_to_start()


@pytest.mark.threat("T41", "T61", "T63", "T64", "T66", "T73", "T76")
@pytest.mark.fault("F31")
@pytest.mark.parametrize("name", WRONG)
def test_one_wrong_setting_stops_the_start(right, name):
    setattr(right, name, WRONG[name])

    assert [message.id for message in checks.check_settings()][:1] == ["homeroom.E001"]
    with pytest.raises(SystemExit, match="^Homeroom does not start"):
        checks.refuse_to_start()


@pytest.mark.parametrize(
    ("engine", "options"),
    [
        ("postgresql", backends.POSTGRES | {"options": "-c search_path=homeroom"}),
        ("postgresql", backends.POSTGRES | {"connect_timeout": 30}),
        ("sqlite3", backends.SQLITE | {"transaction_mode": "DEFERRED"}),
        ("sqlite3", backends.SQLITE | {"init_command": "PRAGMA journal_mode=WAL"}),
    ],
)
def test_a_database_without_its_timeouts_stops_the_start(right, monkeypatch, engine, options):
    database = {"ENGINE": f"django.db.backends.{engine}", "OPTIONS": options, "CONN_HEALTH_CHECKS": True}
    monkeypatch.setitem(homeroom.DATABASES, "default", database)

    assert "homeroom.E001" in [message.id for message in checks.check_settings()]


def test_the_embedded_default_has_right_pragmas_too(right, monkeypatch):
    monkeypatch.setitem(homeroom.DATABASES, "default", backends.database(None, "homeroom.sqlite3"))

    assert checks.check_settings() == []


def test_what_goes_in_the_clear_is_told(right):
    right.MAIL_SERVER, right.EMAIL_HOST, right.EMAIL_USE_TLS = {"EMAIL_HOST": ""}, "mail.example", False
    right.REDIS_URL = "redis://redis.school.example"

    assert [message.id for message in checks.check_settings()] == ["homeroom.W001"] * 2


def test_on_ones_own_machine_all_may_be_as_it_is(settings):
    settings.DEBUG = True

    assert checks.check_settings() == []


def test_the_images_web_server_says_a_mistaken_number_of_processes_in_one_sentence(tmp_path):
    """gunicorn itself reads this number during its import, and would end with a traceback."""
    environ = {**os.environ, "PATH": PATH, "VAR_DIR": str(tmp_path), "WEB_CONCURRENCY": "two"}

    ended = subprocess.run(
        command_of("web", 0), env=environ, capture_output=True, text=True, timeout=60, check=False
    )

    wrong = "WEB_CONCURRENCY must be a whole number from 1 to 100."
    assert (ended.returncode, ended.stderr) == (1, f"Homeroom does not start: {wrong}\n")
