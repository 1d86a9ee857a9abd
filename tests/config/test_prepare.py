"""Starting for the first time: commands before `manage.py prepare`, and two `prepare` at the same moment."""

import fcntl
import os
import sqlite3
import subprocess
import sys
import threading
import time

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models.signals import pre_migrate

from accounts.management.commands import prepare


@pytest.fixture
def manage(tmp_path):
    """manage("check") -> the process of that command, for a database that does not exist yet."""
    environ = {**os.environ, "VAR_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/new.sqlite3"}

    def start(*command):
        command = [sys.executable, "manage.py", *command]
        return subprocess.Popen(
            command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    return start


def output_of(process):
    return process.communicate(timeout=120)[0]


@pytest.mark.parametrize("command", [["seed_demo"], ["lock_all_codes", "--yes"]])
def test_a_command_before_prepare_says_in_one_sentence_what_to_run(manage, command):
    started = manage(*command)

    assert output_of(started) == (
        "The database isn't ready for this version of Homeroom. Run `python manage.py prepare` first.\n"
    )
    assert started.returncode == 1


def test_a_prepare_that_fails_says_of_what(manage, tmp_path):
    """Not that prepare has to run first: its log is where an administrator looks."""
    in_the_way = sqlite3.connect(tmp_path / "new.sqlite3")
    in_the_way.execute("CREATE TABLE django_session (id integer)")
    in_the_way.close()

    started = manage("prepare")

    printed = output_of(started)
    assert started.returncode == 1
    assert "OperationalError" in printed
    assert "Run `python manage.py prepare` first" not in printed


def test_two_at_once_make_the_database_ready_once(manage):
    both = [manage("prepare"), manage("prepare")]
    lines = [line for process in both for line in output_of(process).splitlines()]

    assert [process.returncode for process in both] == [0, 0]
    assert sorted(line.partition("; ")[2][:12] for line in lines if "is ready" in line) == [
        "migrations r",
        "no migration",
    ]
    assert not [line for line in lines if "is ready" not in line and "Waiting for another" not in line]


def test_the_second_does_not_touch_a_new_file_before_the_first_has_ended(manage, tmp_path):
    """Two that connect to a new file at the same moment: SQLite refuses one of them at once."""
    first = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(first, fcntl.LOCK_EX)
    second = manage("prepare")

    assert "Waiting for another" in second.stdout.readline()
    assert not (tmp_path / "new.sqlite3").exists()

    os.close(first)
    assert "migrations run" in output_of(second)
    assert second.returncode == 0


@pytest.mark.django_db(transaction=True)
def test_the_second_waits_until_the_first_has_ended(monkeypatch):
    """Also on PostgreSQL, where its migrations may take longer than lock_timeout."""
    connection.close()  # it may hold the lock since a test in which "prepare" was refused
    is_held, may_end, naps = threading.Event(), threading.Event(), []

    def first():
        with prepare._alone():
            is_held.set()
            may_end.wait(30)
        connection.close()

    def nap(seconds):
        naps.append(seconds)
        if len(naps) == 2:
            may_end.set()
            other.join()

    other = threading.Thread(target=first)
    other.start()
    is_held.wait(30)
    monkeypatch.setattr(time, "sleep", nap)

    call_command("prepare")

    assert len(naps) == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_migration_may_take_longer_than_any_request():
    """An index over millions of rows takes minutes."""

    def migrate_slowly(**sent):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.3)")

    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout TO '100ms'")
    pre_migrate.connect(migrate_slowly)
    try:
        call_command("prepare")
    finally:
        pre_migrate.disconnect(migrate_slowly)
        connection.close()  # its limit is no longer that of other tests
