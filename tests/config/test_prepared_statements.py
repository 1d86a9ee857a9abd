"""PostgreSQL keeps the statements of a connection, and the site doesn't notice (ADR 29)."""

import os
import subprocess
import sys

import pytest
from django.db import connection

from accounts.compiled import compiled, compiled_update_returning
from accounts.models import User
from classroom.models import Classroom
from tests.factories import StudentFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
THRESHOLD = (
    "from config.settings import DATABASES; print(DATABASES['default']['OPTIONS']['prepare_threshold'])"
)


def test_a_statement_that_is_sent_again_is_prepared():
    for _ in range(2):
        list(User.objects.values_list("log_outs"))

    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        kept = [
            statement for (statement,) in cursor if statement.startswith('SELECT "accounts_user"."log_outs"')
        ]
    assert len(kept) == 1


def test_constants_stand_in_a_statement_that_is_built_once():
    """Otherwise the plan that PostgreSQL keeps can't use an index of some rows, such as the pending requests."""
    name = "100% O'Hara"
    pupil = StudentFactory(first_name=name)

    @compiled(User)
    def named(pk):
        return User.objects.filter(pk=pk, first_name=name)

    assert [named.first(pupil.pk) for _ in range(2)] == [pupil, pupil]
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement, cardinality(parameter_types) FROM pg_prepared_statements")
        [values] = [values for statement, values in cursor if "\"first_name\" = '100% O''Hara'" in statement]
    assert values == 1


def test_the_setting_for_old_poolers_turns_it_off():
    environ = os.environ | {"PREPARED_STATEMENTS_OFF": "true"}

    printed = subprocess.check_output([sys.executable, "-c", THRESHOLD], env=environ, text=True)

    assert printed.strip() == "None"


@pytest.fixture
def migration():
    """migration() adds a column by another connection, as `prepare` does while this process goes on."""
    other = connection.copy()
    with other.cursor() as cursor:
        yield lambda: cursor.execute("ALTER TABLE classroom_classroom ADD COLUMN later integer")
        cursor.execute("ALTER TABLE classroom_classroom DROP COLUMN later")
    other.close()


@pytest.mark.fault("F27")
def test_a_column_that_a_migration_adds_breaks_no_prepared_statement(biology, migration):
    @compiled_update_returning(Classroom)
    def rename(pk):
        return Classroom.objects.filter(pk=pk), {"name": "Biology"}

    for _ in range(2):
        rename.first(biology.pk)
    migration()

    assert rename.first(biology.pk) == biology
