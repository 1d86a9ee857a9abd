from django.core.checks import Error
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


def no_half_replaced_migrations(app_configs=None, databases=None, **_):
    """Refuse a database that has only some of the migrations that a squashed migration replaces.

    Django would leave the whole app out and say that there is nothing to migrate.
    """
    errors = []
    for alias in databases or []:
        if missing := _missing(connections[alias]):
            message = (
                f"This database is too old for this version: it lacks {', '.join(missing)}. Nothing has been changed. "
                'See "Upgrade, and back" in docs/operations.md.'
            )
            errors.append(Error(message, id="homeroom.E002"))
    return errors


def _missing(connection):
    """Return the migrations that the database lacks and that can no longer be run, because their files are gone."""
    loader = MigrationLoader(None)
    applied = MigrationRecorder(connection).applied_migrations()
    missing = []
    for migration in loader.replacements.values():
        gone = set(migration.replaces) - loader.disk_migrations.keys()
        if gone & applied.keys():
            missing += [f"{app}.{name}" for app, name in sorted(gone - applied.keys())]
    return missing
