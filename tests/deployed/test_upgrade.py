"""In a district's database, no statement of an upgrade takes longer than two seconds."""

import os
import subprocess

import pytest

from tests.deployed.school import PATH

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.fault("F27"),
]

ROWS = 200_000  # for each of the tables that grow with people and classes
# manage.py with less patience than backends.POSTGRES: PostgreSQL itself ends statements that take longer
# (milliseconds).
IN_TWO_SECONDS = """
import sys
from config import backends
backends.POSTGRES["options"] += " -c statement_timeout=2000"
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", *sys.argv[1:]])
"""
# Values for check constraints and unique indexes, in addition to those of `plain`.
WANTED = {
    "accounts_user": {"kind": "'student'", "username": "'s' || g", "email": "''"},
    "classroom_classroom": {"kind": "'class'", "public_id": "'c' || g"},
    "classroom_membership": {"role": "'owner'", "door": "'opened'", "code": "''"},
    "classroom_event": {"kind": "'join'", "door": "'code'"},
    "joins_joincode": {"code": "'C' || g", "classroom_id": "g"},
    "joins_joinrequest": {"status": "'pending'", "door": "'join-url'"},
    "accounts_notification": {},
    "accounts_digest": {"id": "gen_random_uuid()"},
}
COLUMNS = """
    SELECT column_name, data_type FROM information_schema.columns
    WHERE table_name = %s AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'
"""


def migrate(database, folder, *target, by=("manage.py",)):
    environ = os.environ | {
        "DATABASE_URL": database,
        "VAR_DIR": str(folder),
        "PATH": PATH,
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    ended = subprocess.run(
        ["python", *by, "migrate", *target],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-2000:]


def plain(name, kind):
    if name.endswith("_id"):
        return "g"
    return {"boolean": "false", "timestamp with time zone": "now()", "integer": "0", "smallint": "0"}.get(
        kind, "'x'"
    )


def fill(beside, table, wanted):
    columns = dict(beside.execute(COLUMNS, [table]).fetchall())
    values = {name: plain(name, kind) for name, kind in columns.items()} | wanted
    beside.execute(
        f"INSERT INTO {table} ({', '.join(values)}) "  # noqa: S608 — both come from the lines above
        f"SELECT {', '.join(values.values())} FROM generate_series(1, {ROWS}) AS g"
    )


def test_no_statement_of_an_upgrade_takes_two_seconds(database, tmp_path):
    url, beside = database
    for app in ("joins", "classroom", "accounts"):
        migrate(url, tmp_path, app, "0001")
    for table, wanted in WANTED.items():
        fill(beside, table, wanted)

    migrate(url, tmp_path, by=("-c", IN_TWO_SECONDS))

    assert beside.execute("SELECT count(*) FROM classroom_membership").fetchone() == (ROWS,)
