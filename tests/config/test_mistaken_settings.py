"""A mistaken setting stops every command with one sentence that names it. Correct and unrelated variables stop none."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.config.names import FINE, SLIPS
from tests.config.values import KEY, POSTGRES, WRONG

SCHOOL = {"SITE_URL": "https://school.example", "TRUSTED_PROXIES": "1"}
# Mistakes that no row of WRONG and SLIPS has, beside the embedded default, and the name that the sentence must mention.
MISTAKES = [
    # The address of the site.
    ({"SITE_URL": "http://school.example"}, "SITE_URL"),
    ({"SITE_URL": "http://192.0.43.10"}, "SITE_URL"),
    ({"SITE_URL": "http://[::1]:8000"}, "SITE_URL"),
    ({"SITE_URL": "https://schüle.example"}, "SITE_URL"),
    ({"SITE_URL": "https://schüle.example"}, "Write its host as xn--schle-mva.example."),
    ({"SITE_URL": "https://school.example"}, "TRUSTED_PROXIES"),
    ({**SCHOOL, "ALLOWED_HOSTS": "www.school.example"}, "ALLOWED_HOSTS"),
    ({**SCHOOL, "ALLOWED_HOSTS": "school.example localhost"}, "ALLOWED_HOSTS"),
    ({**SCHOOL, "DEBUG": "true"}, "DEBUG"),
    ({"PORT": "99999"}, "PORT"),
    ({"TRUSTED_PROXIES": "one"}, "TRUSTED_PROXIES"),
    # The services that the site needs.
    ({"DATABASE_URL": "postgres://homeroom@db:5432/homeroom"}, "SECRET_KEY"),
    ({"REDIS_URL": "redis://redis:6379/0"}, "SECRET_KEY"),
    ({"SECRET_KEY": "too short"}, "SECRET_KEY"),
    ({"SECRET_KEY_FALLBACKS": "too short"}, "SECRET_KEY_FALLBACKS"),
    ({"DATABASE_URL": "mysql://homeroom@localhost/homeroom"}, "DATABASE_URL"),
    ({"REDIS_URL": "localhost:6379"}, "REDIS_URL"),
    ({"EMAIL_URL": "smtp+tls://mail.school.example:465"}, "EMAIL_URL"),
    ({"EMAIL_URL": "smtps://mail.school.example:587"}, "EMAIL_URL"),
    ({"SENTRY_DSN": "https://sentry.school.example/1"}, "SENTRY_DSN"),
    ({"PRIVACY_NOTICE_URL": "http://school.example/privacy"}, "PRIVACY_NOTICE_URL"),
    ({"DELETION_LIST": "/nowhere/deletion-list"}, "DELETION_LIST"),
]
# Copied from a file with its quotes, or with an invisible character.
SPOILT = ["'{}'", '"{}"', "''", '""', "\u200b{}", "{}\x01x"]
COPIED = {
    "SITE_URL": "http://localhost",
    "SECRET_KEY": KEY,
    "SECRET_KEY_FALLBACKS": KEY,
    "ALLOWED_HOSTS": "localhost",
    "TRUSTED_PROXIES": "1",
    "PORT": "8000",
    "ADMIN_OFF": "true",
    "DEBUG": "false",
    "DATABASE_URL": POSTGRES,
    "REDIS_URL": "redis://localhost",
    "EMAIL_URL": "smtp://localhost",
    "DEFAULT_FROM_EMAIL": "a@school.example",
    "TIME_ZONE": "Europe/Oslo",
    "PRIVACY_NOTICE_URL": "https://school.example/",
    "CONSENT_BASIS": "They agreed.",
    "CODE_UNLOCKED_FOR": "3600",
    "MOST_PENDING_IN_CLASS": "5",
    "WEB_CONCURRENCY": "2",
    "LOG_FORMAT": "json",
    "METRICS_TOKEN": KEY,
    "SENTRY_DSN": "https://key@sentry.school.example/1",
}
RIGHT = [
    {name: f"  {value}\t\n" for name, value in COPIED.items()},
    dict.fromkeys(COPIED, ""),
    dict.fromkeys(COPIED, "  "),
    {"DATABASE_URL": f"{POSTGRES}?sslmode=verify-full&sslrootcert=system"},
    {"DATABASE_URL": "postgresql:///homeroom"},
    {"DATABASE_URL": "postgres://a:p%40ss%2Fword@db_1:5432/home-room", "SECRET_KEY": KEY},
    {"DATABASE_URL": "postgres://[::1]:5432/homeroom"},
    {"REDIS_URL": "rediss://:pass@localhost:6380/15?ssl_cert_reqs=none"},
    {"EMAIL_URL": "smtp+tls://a%40school.example:p%3Ass@mail.school.example:2525"},
    {"EMAIL_URL": "SMTP://mail_1:1025"},
    {"DEFAULT_FROM_EMAIL": '"Homeroom, school" <homeroom@school.example>'},
    {"DEFAULT_FROM_EMAIL": "Käthes Schule <homeroom@school.example>"},
    {"PRIVACY_NOTICE_URL": "https://school.example:8443/a%20b/?lang=en&x=1#kept"},
    {"SENTRY_DSN": "https://key@sentry.school.example:9000/of/us/17"},
    {"ALLOWED_HOSTS": "*", "DEBUG": "true"},
    {"SITE_URL": "http://192.168.0.5:8000"},
    {"SITE_URL": "https://10.0.0.5", "TRUSTED_PROXIES": "1"},
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
    "web": ["-m", "config.web", "--bind", "127.0.0.1:0"],
    "gunicorn": ["-m", "gunicorn", "-c", "python:config.gunicorn", "--bind", "127.0.0.1:0", "config.wsgi"],
    "embedded": ["-m", "config.waitress"],
    "worker": ["-m", "celery", "--app", "config", "worker", "--pool", "solo"],
    "beat": ["-m", "celery", "--app", "config", "beat"],
}


@pytest.fixture
def bare(tmp_path):
    """The variables that every start has."""
    return {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "VAR_DIR": str(tmp_path), "LANG": "C.UTF-8"}


@pytest.fixture
def start(bare):
    """start({"PORT": "0"}) -> how manage.py, or another command, ended in a bare environment with these variables."""

    def run(environ, command="manage"):
        command = [sys.executable, *COMMANDS[command]]
        return subprocess.run(  # noqa: PLW1510
            command, env=bare | environ, capture_output=True, text=True, timeout=60
        )

    return run


@pytest.fixture
def start_each(bare):
    """start_each(environs) -> (environ, exit code, lines on stderr) for each; every start is only a fork."""

    def run(environs):
        cases = json.dumps([bare | environ for environ in environs])
        ran = subprocess.run(
            [sys.executable, "-m", "tests.config.starts"],
            input=cases,
            capture_output=True,
            text=True,
            check=True,
        )
        ended = json.loads(ran.stdout)
        return [
            (environ, code, output.splitlines())
            for environ, (code, output) in zip(environs, ended, strict=True)
        ]

    return run


def _not_refused(started, name_of):
    """Those that did not end with the one sentence that names their setting."""
    return [
        (environ, code, lines)
        for environ, code, lines in started
        if name_of(environ) not in "".join(lines)
        or code != 1
        or len(lines) != 1
        or not lines[0].startswith("Homeroom does not start: ")
    ]


@pytest.mark.threat("T63", "T66", "T76")
def test_a_mistake_stops_the_start_with_one_sentence(start_each):
    started = start_each([mistake for mistake, _ in MISTAKES])
    names = iter([name for _, name in MISTAKES])

    assert _not_refused(started, lambda _: next(names)) == []


@pytest.mark.threat("T63", "T66")
def test_no_mistaken_value_passes(start_each):
    """The sentence doesn't repeat the value, because it may hold a password."""
    base = {name: SCHOOL if name == "ALLOWED_HOSTS" else {"LANG": "C.UTF-8"} for name in WRONG}

    started = start_each([base[name] | {name: value} for name in WRONG for value in WRONG[name]])

    assert _not_refused(started, lambda environ: list(environ)[-1]) == []
    passwords = ("p@ss", "p#ss", "p?ss", "p/ss", ":pass@", KEY)
    output = [lines[0] for _, _, lines in started]
    assert [line for line in output if any(password in line for password in passwords)] == []


def test_every_setting_has_a_mistaken_value_and_a_slip():
    """A new setting needs a line in values.py and one in names.py."""
    described = set(re.findall(r"^#?([A-Z_]+)=", Path(".env.example").read_text(), re.MULTILINE))

    assert described - WRONG.keys() == {"POSTGRES_PASSWORD"}  # which only compose reads
    assert described - set(SLIPS.values()) == {"PORT"}  # a name so short is never guessed


def test_no_slip_in_a_name_passes(start_each):
    started = start_each([{slip: "1"} for slip in SLIPS])

    assert _not_refused(started, lambda environ: f"{SLIPS[next(iter(environ))]} is meant.") == []


def test_nothing_is_copied_with_its_quotes_or_with_what_nobody_sees(start_each):
    started = start_each([{name: form.format(value)} for name, value in COPIED.items() for form in SPOILT])

    assert _not_refused(started, lambda environ: next(iter(environ))) == []


@pytest.mark.threat("T66")
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_the_same(start, command):
    """With https but without a proxy, every client address would be unknown, and every page would redirect to
    itself."""
    ended = start({"SITE_URL": SCHOOL["SITE_URL"]}, command)

    lines = ended.stderr.strip().splitlines()
    assert ended.returncode != 0
    assert len(lines) == 1, ended.stderr
    assert lines[0].startswith("Homeroom does not start: TRUSTED_PROXIES")
    assert "Traceback" not in ended.stdout + ended.stderr


def test_what_else_a_machine_has_set_stops_nothing(start):
    assert start(dict.fromkeys(FINE.split(), "x")).returncode == 0


def test_what_is_right_starts(start_each):
    """A secret key and a PostgreSQL elsewhere, also behind a proxy. Spaces and empty variables are allowed too."""
    assert [ended for ended in start_each(RIGHT) if ended[1]] == []
