"""The database role that docker-compose.yml creates for Homeroom can do daily work, backups and restores, and no
more."""

import os
import subprocess

import pytest

from faults.servers import Postgres
from tests.deployed.school import PATH

pytestmark = pytest.mark.postgres

RIGHTS = "SELECT rolsuper, rolcreaterole, rolreplication, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname = %s"


@pytest.fixture(scope="module")
def postgres():
    """A new cluster, created as the container does."""
    cluster = Postgres()
    yield cluster
    cluster.remove()


@pytest.fixture
def run(postgres, tmp_path):
    there = {"DATABASE_URL": postgres.url, "VAR_DIR": str(tmp_path), "PATH": PATH}

    def script(*command):
        ran = subprocess.run(command, env=os.environ | there, capture_output=True, text=True)  # noqa: PLW1510
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    return script


def test_it_makes_databases_and_has_no_other_power(postgres):
    assert postgres.query(RIGHTS, "homeroom") == [(False, False, False, False, True)]
    owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'homeroom'"
    assert postgres.query(owner) == [("homeroom",)]


def test_the_superuser_has_no_password_and_so_is_let_in_from_inside_alone(postgres):
    known = "SELECT rolname, rolpassword IS NOT NULL FROM pg_authid WHERE rolcanlogin ORDER BY rolname"
    assert postgres.query(known) == [("homeroom", True), ("postgres", False)]


@pytest.mark.fault("F31")
def test_it_migrates_backs_up_and_restores(run, tmp_path):
    run("python", "manage.py", "prepare")
    run("bin/backup", str(tmp_path / "last-night"))

    assert "Restored." in run("bin/restore", str(tmp_path / "last-night"))
