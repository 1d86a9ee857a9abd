"""While an upgrade migrates, the previous release is still at work."""

from pathlib import Path

import pytest
from django.db.migrations import operations
from django.db.migrations.loader import MigrationLoader

pytestmark = pytest.mark.fault("F27")

# The operations of every migration that follows the first one of an app, each with the migration's name.
LATER = [
    (f"{app}.{name}", operation)
    for (app, name), migration in sorted(MigrationLoader(None).disk_migrations.items())
    if Path(app, "migrations").is_dir() and not migration.initial
    for operation in migration.operations
]
# The previous release reads and writes these. They are removed one release after the code that needs them.
TAKES_AWAY = (
    operations.RemoveField,
    operations.RenameField,
    operations.DeleteModel,
    operations.RenameModel,
    operations.AlterModelTable,
)


def test_nothing_that_the_code_before_knows_is_taken_away():
    assert [(name, operation) for name, operation in LATER if isinstance(operation, TAKES_AWAY)] == []


def test_a_new_column_is_filled_by_the_database():
    """The previous release leaves the column out of its INSERTs, and no row may be rewritten."""
    added = [(name, operation) for name, operation in LATER if isinstance(operation, operations.AddField)]

    assert [
        (name, operation.name)
        for name, operation in added
        if not (operation.field.null or operation.field.has_db_default())
    ] == []
