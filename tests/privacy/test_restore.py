"""Restoring last night's backup brings back neither old Codes nor erased children. The tests run the real scripts."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from accounts.models import Digest, User
from accounts.models import Letter as LetterOwed
from classroom.acts import invite
from classroom.models import Classroom, CoTeacherInvitation, Membership
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from joins.models import JoinCode, JoinRequest
from privacy.models import Person
from tests.factories import MembershipFactory, StudentFactory
from tests.joins.worker import database_url
from tests.notifications import notification_texts

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault("F31")]


@pytest.fixture(autouse=True)
def _file_of_its_own(transactional_db, tmp_path):
    """A copy of the tests' SQLite file, so that connections of earlier tests don't count as "in use".

    After a statement that failed on a full disk, a connection keeps its lock as long as anything holds the traceback.
    """
    if connection.vendor != "sqlite":
        yield
        return
    everybodys, own = connection.settings_dict["NAME"], str(tmp_path / "homeroom.sqlite3")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [own])
    connection.close()
    connection.settings_dict["NAME"] = own
    yield
    connection.close()
    connection.settings_dict["NAME"] = everybodys


@pytest.fixture
def run(tmp_path):
    """run("bin/backup", …) -> its output. The test's own connection is closed first, as if web and worker were
    stopped."""
    there = {"DATABASE_URL": database_url(), "DELETION_LIST": settings.DELETION_LIST, "VAR_DIR": tmp_path}

    def script(*command):
        connection.close()
        ran = subprocess.run(command, env={**os.environ, **there}, capture_output=True, text=True)  # noqa: PLW1510
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout

    yield script
    it = connection.settings_dict
    Path(f"{it['NAME']}.before-restore").unlink(missing_ok=True)
    if connection.vendor == "postgresql":
        at = ["--host", it["HOST"], "--port", str(it["PORT"]), "--username", it["USER"]]
        for left in ("before_restore", "restored"):
            subprocess.run(["dropdb", "--if-exists", *at, f"{it['NAME']}_{left}"], check=True)


@pytest.fixture
def last_nights(tmp_path, run, biology, amara, leo, ms_okafor, mr_lind, mr_brandt, sign_in):
    """The path of last night's backup; what its school has ended since must not come back with it.

    In the backup Amara is a member, Leo waits and is logged in, an invitation to be a co-teacher is open, and Ms Okafor
    and Mr Lind are operators. Since then the Code was reset, the invitation cancelled, Amara erased, Ms Okafor's access
    withdrawn and Mr Brandt's account closed. Leo's was closed and reopened.
    """
    MembershipFactory(classroom=biology, user=amara)
    ask_by_join_url(biology.join_url, by=leo)
    sign_in(leo)
    User.objects.filter(pk=leo.pk).update(last_login=leo.date_joined)
    User.objects.filter(username__in=["okafor", "lind"]).give_access()
    CoTeacherInvitation.objects.issue(biology, ms_okafor, "ana@school.example")
    backup = tmp_path / "last-night"
    run("bin/backup", str(backup))
    JoinCode.objects.get_current(biology).reset(by=biology.owner)
    invite.cancel(biology, ms_okafor, CoTeacherInvitation.objects.get().pk)
    Person.objects.get(pk=amara.pk).erase()
    User.objects.filter(username="okafor").withdraw_access()
    User.objects.filter(username__in=["brandt", "leo"]).close()
    User.objects.filter(username="leo").reopen()
    return str(backup)


@pytest.mark.threat("T29", "T93")
def test_what_has_ended_since_the_backup_does_not_come_back(
    last_nights, run, biology, biology_code, amara, leo, ms_okafor
):
    """One restore for all of these promises, because it takes seconds."""
    old = biology.join_codes.exclude(retired_at=None).get().code
    since = StudentFactory().pk

    printed = run("bin/restore", last_nights)

    _continues_no_session_and_no_mail(leo)
    _gives_back_no_right(printed)
    _erases_the_deleted_child_again(amara)
    assert "1 on the deletion list are erased again." in printed
    _keeps_everything_else(biology, leo, ms_okafor)
    _lets_nobody_in(old, biology_code())
    assert "1 Codes are locked." in printed
    assert "1 invitations have ended." in printed
    # A line of the deletion list, or an old link, must never come to mean somebody else.
    assert StudentFactory().pk > since + 1000
    # Somebody took the wrong backup: what happened since is in the kept database alone.
    with pytest.raises(AssertionError, match="is there, from an earlier restore"):
        run("bin/restore", last_nights)


def _lets_nobody_in(old, code):
    assert (code.code, code.state) == (old, "locked")
    assert not use_code(old, by=StudentFactory()).is_member
    assert not CoTeacherInvitation.objects.open().exists()


def _erases_the_deleted_child_again(amara):
    assert User.objects.get(pk=amara.pk).full_name == "Deleted person"
    assert not Membership.objects.filter(user=amara).exists()


def _keeps_everything_else(biology, leo, ms_okafor):
    assert [user.username for user in biology.managers()] == ["okafor", "lind"]
    assert JoinRequest.objects.pending().filter(user=leo).exists()
    assert "Leo Park asks to join Biology 9B." in notification_texts(ms_okafor)


def _gives_back_no_right(printed):
    assert "1 accounts are closed again: brandt." in printed
    assert "1 operators lose the admin again: okafor." in printed
    assert [person.username for person in User.objects.operators()] == ["lind"]
    is_active = dict(User.objects.filter(username__in=["brandt", "leo"]).values_list("username", "is_active"))
    assert is_active == {"brandt": False, "leo": True}


def _continues_no_session_and_no_mail(leo):
    assert not Session.objects.exists()
    assert User.objects.get(pk=leo.pk).last_login != leo.date_joined
    assert not LetterOwed.objects.exists()
    Digest.objects.gather()
    assert not Digest.objects.exists()


@pytest.fixture
def reader(db):
    """A role of PostgreSQL itself, for example of a program that makes statistics. It belongs to no one database."""
    name = f"reader_of_{connection.settings_dict['NAME']}"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP ROLE IF EXISTS "{name}"')
        cursor.execute(f'CREATE ROLE "{name}"')
    yield name
    with connection.cursor() as cursor:
        cursor.execute(f'DROP OWNED BY "{name}"')
        cursor.execute(f'DROP ROLE "{name}"')


@pytest.mark.postgres
def test_no_role_reads_again_what_it_was_forbidden_since_the_backup(tmp_path, run, biology, reader):
    """Whoever made the backup may have left the rights in it."""
    with connection.cursor() as cursor:
        cursor.execute(f'GRANT SELECT ON accounts_user TO "{reader}"')
        _pg_dump(tmp_path / "with-rights", connection.settings_dict["NAME"])
        cursor.execute(f'REVOKE ALL ON accounts_user FROM "{reader}"')

    run("bin/restore", str(tmp_path / "with-rights"))

    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, 'accounts_user', 'SELECT')", [reader])
        assert cursor.fetchone() == (False,)
    assert Classroom.objects.get() == biology


@pytest.fixture
def old_backup(tmp_path, biology):
    """old_backup(migration, …) -> the path of a backup in which these migrations are not recorded."""

    def make(*missing):
        recorder = MigrationRecorder(connection)
        for migration in missing:
            recorder.record_unapplied(*migration)
        _back_up(tmp_path / "old")
        for migration in missing:
            recorder.record_applied(*migration)
        return str(tmp_path / "old")

    return make


def test_a_backup_from_before_the_migrations_were_squashed_is_restored(old_backup, run, biology):
    squashed = {(app, "0001_squashed") for app in ("accounts", "classroom", "joins", "privacy")}
    backup = old_backup(*squashed)

    run("bin/restore", backup)

    assert MigrationRecorder(connection).applied_migrations().keys() >= squashed
    assert Classroom.objects.get() == biology


def test_a_backup_that_is_too_old_for_this_version_is_refused(old_backup, run):
    backup = old_backup(("privacy", "0001_squashed"), ("privacy", "0002_classless"))

    with pytest.raises(
        AssertionError, match="database is too old for this version: it lacks privacy.0002_classless"
    ):
        run("bin/restore", backup)

    assert _databases_beside() == []


def test_a_backup_replaces_no_other(run, tmp_path):
    (tmp_path / "last-night").write_text("precious")

    with pytest.raises(AssertionError, match="is there already"):
        run("bin/backup", str(tmp_path / "last-night"))

    assert (tmp_path / "last-night").read_text() == "precious"


def test_a_backup_is_noted_once_it_is_whole_and_a_broken_off_one_stops_none(run, tmp_path):
    """The note is for the alert that nobody makes backups."""
    (tmp_path / "last-night.part").write_text("half of it")
    run(sys.executable, "manage.py", "createcachetable")

    assert "Written: " in run("bin/backup", str(tmp_path / "last-night"))

    assert [path.name for path in tmp_path.glob("last-night*")] == ["last-night"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cache WHERE cache_key LIKE %s", ["%:backup"])
        assert cursor.fetchone() == (1,)


def test_nothing_takes_the_place_of_a_database_in_use(tmp_path, run, biology, biology_code):
    """People would keep working in the old database, and lose what they do."""
    current = biology_code().code
    _back_up(tmp_path / "last-night")
    web = connection.copy()
    web.ensure_connection()

    with pytest.raises(AssertionError, match="is in use: stop web, worker and beat") as refused:
        run("bin/restore", str(tmp_path / "last-night"))
    web.close()

    assert "Codes are locked" not in str(refused.value)
    assert biology_code().code == current


def _half(path, whole):
    path.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])


def _of_another_program(path, _):
    if connection.vendor == "sqlite":
        other = sqlite3.connect(path)
        other.execute("CREATE TABLE something (id integer)")
        other.close()
        return
    _pg_dump(path, "postgres")


def _back_up(path):
    """What bin/backup writes, without the processes that it starts."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(path)])
        return
    _pg_dump(path, "--no-owner", "--no-privileges", connection.settings_dict["NAME"])


def _pg_dump(path, *what):
    it = connection.settings_dict
    at = ["--host", it["HOST"], "--port", str(it["PORT"]), "--username", it["USER"]]
    there = {**os.environ, "PGPASSWORD": it["PASSWORD"]}
    subprocess.run(["pg_dump", "--format=custom", f"--file={path}", *at, *what], env=there, check=True)


NO_BACKUPS = {
    "empty": lambda path, _: path.touch(),
    "text": lambda path, _: path.write_text("nothing of the kind"),
    "half": _half,
    "of another program": _of_another_program,
}


def test_what_is_no_backup_takes_nothings_place(tmp_path, run, biology, biology_code):
    """A full disk leaves an empty file, and an interrupted copy leaves half of one."""
    current = biology_code().code
    _back_up(tmp_path / "last-night")

    for what, make in NO_BACKUPS.items():
        make(tmp_path / what, tmp_path / "last-night")
        with pytest.raises(AssertionError, match=f"{what} is no backup of Homeroom, or not the whole of one"):
            run("bin/restore", str(tmp_path / what))

    assert biology_code().code == current
    assert _databases_beside() == []


def test_a_restore_that_fails_leaves_nothing_behind(tmp_path, run):
    """Half a database would have everybody's names in it. This backup only holds the table of people."""
    backup, name = tmp_path / "people-alone", connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        people = sqlite3.connect(backup)
        people.execute("CREATE TABLE accounts_user (id integer)")
        people.close()
    else:
        _pg_dump(backup, "--table=accounts_user", name)

    with pytest.raises(AssertionError, match="Nobody has caught this"):
        run("bin/restore", str(backup))

    assert _databases_beside() == []


def _databases_beside():
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return list(Path(name).parent.glob("*restored*"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname = %s", [f"{name}_restored"])
        return cursor.fetchall()
