"""While an upgrade migrates, the previous release is still at work."""

from pathlib import Path

import pytest
from django.db.migrations import operations
from django.db.migrations.loader import MigrationLoader

pytestmark = pytest.mark.fault("F27")

LATER = {
    f"{app}.{name}": migration
    for (app, name), migration in sorted(MigrationLoader(None).disk_migrations.items())
    if Path(app, "migrations").is_dir() and not migration.initial
}
# The previous release reads and writes these. They are removed one release after the code that needs them.
TAKES_AWAY = (
    operations.RemoveField,
    operations.RenameField,
    operations.DeleteModel,
    operations.RenameModel,
    operations.AlterModelTable,
)


@pytest.mark.parametrize("name", LATER)
def test_nothing_that_the_code_before_knows_is_taken_away(name):
    assert [step for step in LATER[name].operations if isinstance(step, TAKES_AWAY)] == []


@pytest.mark.parametrize("name", LATER)
def test_a_new_column_is_filled_by_the_database(name):
    """The previous release leaves the column out of its INSERTs, and no row may be rewritten."""
    added = [step for step in LATER[name].operations if isinstance(step, operations.AddField)]

    assert [step.name for step in added if not (step.field.null or step.field.has_db_default())] == []
