"""A database whose tables came step by step, from migrations that 0001_squashed replaces, goes on as it is."""

import pytest
from django.core.checks import Tags, run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from classroom.models import Classroom

# What such a database has recorded of Homeroom's own apps.
BEFORE = [
    ("accounts", "0001_initial"),
    ("accounts", "0002_log_outs"),
    ("accounts", "0003_letter"),
    ("accounts", "0004_one_time_password"),
    ("accounts", "0005_erased"),
    ("accounts", "0006_letter_user"),
    ("accounts", "0007_faults"),
    ("accounts", "0008_form_key"),
    ("accounts", "0009_names"),
    ("accounts", "0010_folded_names"),
    ("accounts", "0011_press"),
    ("accounts", "0012_rename"),
    ("accounts", "0013_fold_again"),
    ("classroom", "0001_initial"),
    ("classroom", "0002_expected_size"),
    ("classroom", "0003_lock_all_codes"),
    ("classroom", "0004_give_password"),
    ("classroom", "0005_set_aside"),
    ("classroom", "0006_export_roster"),
    ("classroom", "0007_hides_members"),
    ("classroom", "0008_words_of_the_history"),
    ("classroom", "0009_form_key"),
    ("classroom", "0010_sort_name"),
    ("classroom", "0011_rename"),
    ("joins", "0001_initial"),
    ("joins", "0002_sign_up"),
    ("joins", "0003_crowd"),
    ("joins", "0004_set_aside"),
    ("joins", "0005_pause_join_url"),
    ("joins", "0006_a_persons_requests"),
    ("joins", "0007_guesses"),
    ("joins", "0008_class_networks"),
    ("joins", "0009_over_quota"),
    ("joins", "0010_crowd_limit"),
    ("privacy", "0001_person"),
    ("privacy", "0002_classless"),
]
# These changed no table, so a database may lack them.
RENAMES = [("accounts", "0014_form_submission"), ("joins", "0011_from_unknown_network")]
SQUASHED = {(app, "0001_squashed") for app in ("accounts", "classroom", "joins", "privacy")}
SCHEMA = {
    "sqlite": "SELECT name, sql FROM sqlite_master ORDER BY name",
    "postgresql": """
        SELECT table_name, ordinal_position::text, column_name, data_type, is_nullable, column_default
        FROM information_schema.columns WHERE table_schema = 'public'
        UNION ALL
        SELECT tablename, indexname, indexdef, NULL, NULL, NULL FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), NULL, NULL, NULL FROM pg_constraint
        ORDER BY 1, 2, 3
    """,
}


def recorded():
    return set(MigrationRecorder(connection).applied_migrations())


def schema():
    with connection.cursor() as cursor:
        cursor.execute(SCHEMA[connection.vendor])
        return cursor.fetchall()


@pytest.fixture
def before(db, settings):
    """before(rows) -> the database has recorded these migrations instead of the squashed ones and all they replace.

    Later migrations stay recorded, because their columns are there already.
    """
    # The checks of "migrate" don't know what pytest-django puts in the place of a name that a template lacks.
    settings.SILENCED_SYSTEM_CHECKS = ["templates.E002"]
    recorder = MigrationRecorder(connection)
    squashed = {*SQUASHED, *BEFORE, *RENAMES}

    def record(rows):
        own = recorder.migration_qs.filter(app__in={app for app, _ in SQUASHED})
        own.filter(name__in={name for _, name in squashed}).delete()
        for app, name in rows:
            recorder.record_applied(app, name)

    return record


@pytest.mark.fault("F27")
@pytest.mark.parametrize("rows", [BEFORE, BEFORE + RENAMES], ids=["without renames", "with renames"])
def test_a_database_of_before_goes_on_as_it_is(before, rows, biology, client):
    before(rows)
    tables, known = schema(), recorded()
    assert client.get("/readyz").status_code == 503

    call_command("migrate", verbosity=0, skip_checks=False)

    assert recorded() == known | SQUASHED
    assert schema() == tables
    assert Classroom.objects.get() == biology
    assert client.get("/readyz").status_code == 200
    call_command("migrate", check_unapplied=True, verbosity=0)  # ends the process if anything is left to do


@pytest.mark.parametrize(
    "missing",
    [
        "accounts.0013_fold_again",
        "classroom.0010_sort_name",
        "joins.0010_crowd_limit",
        "privacy.0002_classless",
    ],
)
def test_a_database_that_has_only_some_of_them_is_refused(before, missing, caplog):
    """Django itself would leave joins or privacy out without a word."""
    before([(app, name) for app, name in BEFORE if f"{app}.{name}" != missing])
    tables, known = schema(), recorded()
    refusal = f"This database is too old for this version: it lacks {missing}. Nothing has been changed."

    with pytest.raises(SystemCheckError, match=refusal):
        call_command("migrate", verbosity=0, skip_checks=False)
    with pytest.raises(SystemExit):
        call_command("prepare")

    assert refusal in caplog.text
    assert (schema(), recorded()) == (tables, known)


@pytest.mark.fault("F27")
def test_a_new_database_has_also_recorded_what_the_release_before_looks_for(db):
    """So that it is ready after a step back."""
    assert recorded() >= SQUASHED | set(BEFORE)
    assert run_checks(tags=[Tags.database], databases=["default"]) == []
