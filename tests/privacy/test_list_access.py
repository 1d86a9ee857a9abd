"""Operators review every three months who may use the admin, and people who have left lose access."""

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from tests.factories import TeacherFactory

pytestmark = pytest.mark.threat("T59")


@pytest.fixture
def listed(capsys):
    """listed() -> the lines that the command prints, without its heading."""

    def run(*options):
        call_command("list_access", *options)
        return [line.split() for line in capsys.readouterr().out.splitlines() if "@" not in line]

    return run


@pytest.fixture
def operators(ms_okafor):
    TeacherFactory(username="head", is_staff=True, is_superuser=True, last_login="2026-11-02T08:00Z")
    TeacherFactory(username="former", is_staff=True, is_active=False)


def test_it_lists_operators_and_nobody_else_the_least_used_first(listed, operators):
    assert listed()[1:] == [
        ["former", "staff", "closed", "never"],
        ["head", "everything", "open", "2026-11-02"],
    ]


def test_the_last_operator_stays_until_somebody_else_has_access(listed, operators, ms_okafor):
    """Without any operator, only a change in the database itself would help. A closed account doesn't count."""
    with pytest.raises(CommandError, match="This is the last administrator"):
        listed("--withdraw", "head")
    assert User.objects.get(username="head").is_staff

    listed("--give", ms_okafor.email.upper())
    listed("--withdraw", "head")
    listed("--give", "head")

    assert sorted(row[0] for row in listed()[1:]) == ["former", "head", "okafor"]


@pytest.mark.rule("A1")
def test_no_student_is_given_access(listed, operators, amara):
    with pytest.raises(CommandError, match=r"^Amara Toure \(amara\) is a student"):
        listed("--give", "amara")

    assert sorted(row[0] for row in listed()[1:]) == ["former", "head"]


@pytest.mark.threat("T60")
def test_access_is_taken_away_and_every_session_with_it(listed, operators, sign_in):
    TeacherFactory(username="successor", is_staff=True, is_superuser=True)
    browser = sign_in(User.objects.get(username="head"))
    assert browser.get("/admin/").status_code == 200

    listed("--withdraw", "head")

    for page in ("/admin/", "/notifications/"):
        assert browser.get(page).status_code == 302
    assert [row[0] for row in listed()[1:]] == ["former", "successor"]
    assert User.objects.get(username="head").is_active
