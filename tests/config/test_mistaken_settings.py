"""A mistaken setting stops every command with one sentence, which names it; what is right or not ours stops none."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

# These start processes with an environment of their own: once is enough.
pytestmark = pytest.mark.skipif(
    settings.DATABASES["default"]["ENGINE"].endswith("postgresql"), reason="the same on either database"
)

KEY = "k" * 50
SCHOOL = {"SITE_URL": "https://school.example", "TRUSTED_PROXIES": "1"}
# What is set by mistake, beside the embedded default, and the name that the sentence has to say.
MISTAKES = [
    # Names that are nearly ours.
    ({"CODE_UNLOKED_FOR": "3600"}, "CODE_UNLOCKED_FOR"),
    ({"CODE_UNLOCK_FOR": "3600"}, "CODE_UNLOCKED_FOR"),
    ({"WARN_BEFOR_LOCK": "3600"}, "WARN_BEFORE_LOCK"),
    ({"ALLOWED_HOST": "school.example"}, "ALLOWED_HOSTS"),
    ({"TRUSTED_PROXY": "1"}, "TRUSTED_PROXIES"),
    ({"SITEURL": "https://school.example"}, "SITE_URL"),
    ({"site_url": "https://school.example"}, "SITE_URL"),
    ({"SITE_ULR": "https://school.example"}, "SITE_URL"),
    ({"SECRETKEY": KEY}, "SECRET_KEY"),
    ({"SECRET_KEY_FILE": "/run/secrets/key"}, "SECRET_KEY"),
    ({"DJANGO_SECRET_KEY": KEY}, "SECRET_KEY"),
    ({"DATABASE_URI": "postgres://localhost/homeroom"}, "DATABASE_URL"),
    ({"DB_URL": "postgres://localhost/homeroom"}, "DATABASE_URL"),
    ({"REDIS_URI": "redis://localhost"}, "REDIS_URL"),
    ({"CELERY_BROKER_URL": "redis://localhost"}, "REDIS_URL"),
    ({"MAIL_URL": "smtp://localhost"}, "EMAIL_URL"),
    ({"EMAIL_HOST": "mail.school.example"}, "EMAIL_URL"),
    ({"DEFAULT_FROM_MAIL": "homeroom@school.example"}, "DEFAULT_FROM_EMAIL"),
    ({"TIMEZONE": "Europe/Oslo"}, "TIME_ZONE"),
    ({"SENTRY_DNS": "https://key@sentry.school.example/1"}, "SENTRY_DSN"),
    ({"METRIC_TOKEN": KEY}, "METRICS_TOKEN"),
    # Where people find the site.
    ({"SITE_URL": "school.example"}, "SITE_URL"),
    ({"SITE_URL": "http://school.example"}, "SITE_URL"),
    ({"SITE_URL": "http://192.0.43.10"}, "SITE_URL"),
    ({"SITE_URL": "https://[2001:db8::1]"}, "SITE_URL"),
    ({"SITE_URL": "http://[::1]:8000"}, "SITE_URL"),
    ({"SITE_URL": "https://school.example/homeroom"}, "SITE_URL"),
    ({"SITE_URL": "https://school.example#top"}, "SITE_URL"),
    ({"SITE_URL": "https://school .example"}, "SITE_URL"),
    ({"SITE_URL": "https://schule-käthe.example"}, "SITE_URL"),
    ({"SITE_URL": "https://school.example:99999"}, "SITE_URL"),
    ({"SITE_URL": "https://school.example"}, "TRUSTED_PROXIES"),
    ({**SCHOOL, "ALLOWED_HOSTS": "https://school.example"}, "ALLOWED_HOSTS"),
    ({**SCHOOL, "ALLOWED_HOSTS": "school.example:443"}, "ALLOWED_HOSTS"),
    ({**SCHOOL, "ALLOWED_HOSTS": "www.school.example"}, "ALLOWED_HOSTS"),
    ({**SCHOOL, "ALLOWED_HOSTS": "school.example localhost"}, "ALLOWED_HOSTS"),
    ({**SCHOOL, "ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
    ({**SCHOOL, "DEBUG": "true"}, "DEBUG"),
    ({"DEBUG": "yes"}, "DEBUG"),
    ({"PORT": "99999"}, "PORT"),
    ({"PORT": "0"}, "PORT"),
    ({"TRUSTED_PROXIES": "one"}, "TRUSTED_PROXIES"),
    # What it runs on.
    ({"DATABASE_URL": "postgres://homeroom@db:5432/homeroom"}, "SECRET_KEY"),
    ({"REDIS_URL": "redis://redis:6379/0"}, "SECRET_KEY"),
    ({"SECRET_KEY": "too short"}, "SECRET_KEY"),
    ({"SECRET_KEY_FALLBACKS": "too short"}, "SECRET_KEY_FALLBACKS"),
    ({"DATABASE_URL": "mysql://homeroom@localhost/homeroom"}, "DATABASE_URL"),
    ({"REDIS_URL": "localhost:6379"}, "REDIS_URL"),
    ({"EMAIL_URL": "mail.school.example"}, "EMAIL_URL"),
    ({"EMAIL_URL": "smtp+tls://mail.school.example:465"}, "EMAIL_URL"),
    ({"EMAIL_URL": "smtps://mail.school.example:587"}, "EMAIL_URL"),
    ({"DEFAULT_FROM_EMAIL": "Homeroom"}, "DEFAULT_FROM_EMAIL"),
    ({"TIME_ZONE": "Europe/Atlantis"}, "TIME_ZONE"),
    ({"CODE_UNLOCKED_FOR": "2w"}, "CODE_UNLOCKED_FOR"),
    ({"LOG_FORMAT": "xml"}, "LOG_FORMAT"),
    ({"METRICS_TOKEN": "short"}, "METRICS_TOKEN"),
    ({"WEB_CONCURRENCY": "two"}, "WEB_CONCURRENCY"),
    ({"SENTRY_DSN": "https://sentry.school.example/1"}, "SENTRY_DSN"),
    ({"PRIVACY_NOTICE_URL": "http://school.example/privacy"}, "PRIVACY_NOTICE_URL"),
    ({"DELETION_LIST": "/nowhere/deletion-list", **SCHOOL}, "DELETION_LIST"),
]
# What a machine has beside, and what is right.
FINE = {
    "COLORTERM": "truecolor",
    "DATABASE_HOST": "db",
    "DATABASE_NAME": "homeroom",
    "DATABASE_PASSWORD": "x",
    "DATABASE_USER": "homeroom",
    "DEBUGINFOD_URLS": "",
    "EDITOR": "vi",
    "EMAIL": "anne@school.example",
    "HOST": "school",
    "HOSTNAME": "school",
    "JAVA_DIR": "/opt/java",
    "LOG_LEVEL": "info",
    "LOGNAME": "anne",
    "MAIL": "/var/mail/anne",
    "POSTGRES_DB": "homeroom",
    "POSTGRES_PASSWORD_FILE": "/run/secrets/postgres",
    "POSTGRES_USER": "homeroom",
    "REDIS_PORT": "tcp://10.0.0.3:6379",
    "REDIS_TLS_URL": "rediss://redis",
    "SECRET_KEY_BASE": "of another product",
    "SPORT": "chess",
    "TOKEN": "x",
    "TZ": "Europe/Oslo",
    "WEB_PORT": "tcp://10.0.0.4:8000",
    "XDG_DATA_DIRS": "/usr/share",
}
RIGHT = [
    {"SITE_URL": "http://localhost:8000"},
    {"SITE_URL": "http://10.0.0.5:8000"},
    {"SITE_URL": "http://homeroom.localhost"},
    {"SITE_URL": "https://Homeroom.School.Example:443/", "TRUSTED_PROXIES": "1"},
    {**SCHOOL, "ALLOWED_HOSTS": "school.example, localhost, [::1]"},
    {"DATABASE_URL": "postgres://postgres@127.0.0.1/homeroom", "REDIS_URL": "redis://localhost"},
    {"DATABASE_URL": "postgres://db/homeroom", "SECRET_KEY": KEY},
    {"EMAIL_URL": "smtps://mail.school.example"},
]
COMMANDS = {
    "manage": ["manage.py", "check"],
    "web": ["-m", "gunicorn", "-c", "python:config.gunicorn", "--bind", "127.0.0.1:0", "config.wsgi"],
    "worker": ["-m", "celery", "--app", "config", "worker", "--pool", "solo"],
    "beat": ["-m", "celery", "--app", "config", "beat"],
}


@pytest.fixture
def start(tmp_path):
    """start({"PORT": "0"}) -> how manage.py, or another command, has ended in a bare environment with that in it."""

    def run(environ, command="manage"):
        bare = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "VAR_DIR": str(tmp_path),
            "LANG": "C.UTF-8",
        }
        command = [sys.executable, *COMMANDS[command]]
        return subprocess.run(  # noqa: PLW1510
            command, env=bare | environ, capture_output=True, text=True, timeout=60
        )

    return run


def _is_one_sentence(ended, name):
    lines = ended.stderr.strip().splitlines()
    assert ended.returncode != 0
    assert len(lines) == 1, ended.stderr
    assert lines[0].startswith("Homeroom does not start: ")
    assert name in lines[0]
    assert "Traceback" not in ended.stdout + ended.stderr


@pytest.mark.parametrize(
    ("mistake", "name"), MISTAKES, ids=lambda part: "+".join(part) if isinstance(part, dict) else part
)
def test_a_mistake_stops_the_start_with_one_sentence(start, mistake, name):
    """T63, T66, T76"""
    _is_one_sentence(start(mistake), name)


@pytest.mark.parametrize("command", ["web", "worker", "beat"])
@pytest.mark.parametrize(
    ("mistake", "name"),
    [
        ({"PORT": "99999"}, "PORT"),
        ({"MAIL_URL": "smtp://localhost"}, "EMAIL_URL"),
        ({"SITE_URL": SCHOOL["SITE_URL"]}, "TRUSTED_PROXIES"),
    ],
)
def test_web_worker_and_beat_say_the_same(start, mistake, name, command):
    """T66"""
    _is_one_sentence(start(mistake, command), name)


def test_what_else_a_machine_has_set_stops_nothing(start):
    assert start(FINE).returncode == 0


@pytest.mark.parametrize("right", RIGHT, ids=lambda right: "+".join(right))
def test_what_is_right_starts(start, right):
    ended = start(right)

    assert ended.returncode == 0, ended.stderr
