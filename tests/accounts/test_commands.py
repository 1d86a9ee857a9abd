"""Operators' commands take a username or an email address, and ask before they do what can't be undone."""

import io
import os
import pty
import subprocess
from contextlib import nullcontext
from smtplib import SMTPAuthenticationError

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from joins.models import JoinCode
from tests.factories import StudentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.threat("T59"), pytest.mark.engine_free]

WITH_A_PERSON = [["erase_person", "--yes"], ["export_person"], ["list_access", "--give"]]


@pytest.fixture
def at_a_terminal(monkeypatch):
    """at_a_terminal("no") types this answer and Return at the next command's question."""
    ends = []

    def typed(answer):
        ours, theirs = pty.openpty()
        ends.extend([ours, theirs])
        os.write(ours, f"{answer}\n".encode())
        monkeypatch.setattr("sys.stdin", os.fdopen(theirs, closefd=False))

    yield typed
    for end in ends:
        os.close(end)


@pytest.fixture(autouse=True)
def _in_a_script(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO())


@pytest.mark.parametrize("command", WITH_A_PERSON, ids=lambda command: command[0])
@pytest.mark.parametrize(
    "typed", ["okafor", " Okafor ", "\u200bokafor\u200e", "okafor@school.example", "OKAFOR@School.Example"]
)
def test_a_person_is_meant_by_username_or_address(command, typed, ms_okafor):
    call_command(*command, typed)


@pytest.mark.parametrize("command", WITH_A_PERSON, ids=lambda command: command[0])
@pytest.mark.parametrize("typed", ["nobody", "nobody@school.example", "Ngozi", "okafor@"])
def test_where_nobody_is_meant_it_is_said(command, typed, ms_okafor):
    with pytest.raises(CommandError, match="Nobody here has the username or email address"):
        call_command(*command, typed)


@pytest.mark.parametrize("command", WITH_A_PERSON, ids=lambda command: command[0])
def test_where_two_people_are_meant_nobody_is(command, ms_okafor):
    """The database takes any username in small letters, so one may look like the address of somebody else."""
    StudentFactory(username=ms_okafor.email)

    with pytest.raises(
        CommandError, match="More than one person has the email address okafor@school.example"
    ):
        call_command(*command, ms_okafor.email)

    assert User.objects.not_erased().filter(username="okafor", is_staff=False).exists()


WITH_NOTHING = [
    *([*command, nothing] for command in WITH_A_PERSON for nothing in ("", " ")),
    ["list_access", "--withdraw", ""],
    ["hand_over_class", "", "--to", "okafor"],
    ["hand_over_class", "abc", "--to", ""],
    ["know_network", ""],
]


@pytest.mark.parametrize("command", WITH_NOTHING, ids=" ".join)
def test_a_command_about_nothing_says_so(command, ms_okafor):
    """This happens when a variable in a script is empty. No sentence may break off, and no empty list may look like
    an answer."""
    StudentFactory(username="amara", email="")

    with pytest.raises(CommandError, match="must not be empty"):
        call_command(*command)
    assert User.objects.filter(username="amara").exists()


def test_nothing_means_nobody_although_one_student_alone_has_no_address():
    StudentFactory(username="amara", email="")

    assert not User.objects.with_login("").exists()


def test_without_a_terminal_nothing_is_erased_and_nothing_locked(amara, biology_code):
    for command in (["erase_person", "amara"], ["lock_all_codes"], ["after_restore"]):
        with pytest.raises(CommandError, match="Nothing has been done; --yes does it"):
            call_command(*command)

    assert User.objects.filter(username="amara").exists()
    assert JoinCode.objects.unlocked().filter(pk=biology_code().pk).exists()


@pytest.mark.parametrize(("answer", "is_erased"), [("yes", True), ("YES ", True), ("y", False), ("", False)])
def test_at_a_terminal_it_is_asked_and_the_person_named(at_a_terminal, capsys, amara, answer, is_erased):
    at_a_terminal(answer)

    with nullcontext() if is_erased else pytest.raises(CommandError, match="^Nothing has been done.$"):
        call_command("erase_person", "amara")

    assert "This erases Amara Toure (amara) for good." in capsys.readouterr().out
    assert User.objects.filter(username="amara").exists() is not is_erased


def test_who_owns_a_class_is_refused_before_the_question(at_a_terminal, capsys, biology):
    """Nobody should type "yes" to what can't be done."""
    at_a_terminal("yes")

    with pytest.raises(CommandError, match="Somebody has to own Biology 9B"):
        call_command("erase_person", "okafor")

    assert "for good" not in capsys.readouterr().out


def test_a_test_mail_ends_with_what_the_mail_server_says(monkeypatch):
    """The log omits the texts of exceptions, so without this line nobody would learn what is wrong."""

    def refuse(*_, **__):
        raise SMTPAuthenticationError(535, b"5.7.8 Bad password")

    monkeypatch.setattr("django.core.management.commands.sendtestemail.send_mail", refuse)

    with pytest.raises(CommandError, match=r"not been sent: \(535, b'5.7.8 Bad password'\)"):
        call_command("sendtestemail", "you@school.example")


@pytest.mark.parametrize("script", ["bin/backup", "bin/restore"])
@pytest.mark.parametrize("typed", [[], ["--help"], ["one", "two"]])
def test_a_script_without_one_file_says_how_it_is_used(script, typed):
    ended = subprocess.run([script, *typed], capture_output=True, text=True, check=False)

    assert (ended.returncode, ended.stderr[: len(script) + 6]) == (2, f"{script} FILE ")
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "reason"), [("last-nihgt", "is no file that can be read"), ("notes", "is no backup of Homeroom")]
)
def test_what_is_no_backup_stops_nothing(tmp_path, name, reason):
    """Otherwise bin/restore with compose would stop the site and leave it stopped."""
    (tmp_path / "notes").write_text("nothing of the kind")
    docker = tmp_path / "docker"
    docker.write_text(f"""#!/bin/sh
echo "$*" >>{tmp_path}/asked
case "$*" in *pg_restore*) exit 1 ;; esac
""")
    docker.chmod(0o755)
    environ = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "COMPOSE": "true"}

    restore = ["bin/restore", str(tmp_path / name)]
    ended = subprocess.run(restore, env=environ, capture_output=True, text=True, check=False)

    assert (ended.returncode, ended.stderr.startswith(f"{restore[1]} {reason}")) == (1, True)
    asked = tmp_path / "asked"
    assert not asked.exists() or "compose stop" not in asked.read_text()


def test_access_is_not_given_and_withdrawn_at_once():
    with pytest.raises(CommandError, match="not allowed with"):
        call_command("list_access", "--give", "head", "--withdraw", "former")
