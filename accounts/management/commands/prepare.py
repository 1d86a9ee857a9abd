import fcntl
import logging
import os
import time
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from accounts.checks import no_half_replaced_migrations

LOCK = 4_666_373_663  # of PostgreSQL; any number that nothing else uses

logger = logging.getLogger("homeroom")


class Command(BaseCommand):
    help = "Makes the database ready for this version: before the first start, and at each upgrade. Twice is harmless."

    def handle(self, **options):
        with _alone():
            _exit_if_unreachable()
            # call_command() below skips the checks.
            for error in no_half_replaced_migrations(databases=[DEFAULT_DB_ALIAS]):
                logger.critical("%s", error.msg)
                raise SystemExit(1)
            _lift_statement_timeout()
            executor = MigrationExecutor(connection)
            to_run = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
            call_command("migrate", verbosity=0)
            call_command("createcachetable", verbosity=0)
        done = f"migrations run: {to_run}." if to_run else "no migration to run."
        # Logged and not printed, so that programs can read it in the container log of the service `prepare`.
        logger.info("The database is ready; %s", done)


def _exit_if_unreachable():
    if reason := _why_unreachable():
        logger.critical("The database can't be reached: %s", reason)
        raise SystemExit(1)


def _why_unreachable():
    """Return what PostgreSQL says, for example about a wrong password; None if it can be reached.

    The log leaves out the text of exceptions, because it may repeat what people typed. This text only names a host and
    a database role, so it's logged.
    """
    try:
        connection.ensure_connection()
    except OperationalError as refused:
        return str(refused)
    return None


def _lift_statement_timeout():
    """A request must end soon, but building an index over millions of rows may take minutes.

    The limit on waiting for a lock stays: a migration that waits would keep everybody behind it out of the table. It is
    refused instead, and `prepare` can be run once more.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout TO 0")


@contextmanager
def _alone():
    """Wait until no other `prepare` runs on this database, because both would create the same tables."""
    with _sqlite_lock() if connection.vendor == "sqlite" else _postgresql_lock() as take:
        if not take():
            logger.info("Waiting for another `manage.py prepare` that is running now.")
            while not take():
                time.sleep(0.5)
        yield


@contextmanager
def _postgresql_lock():
    """Yield a function that takes the lock if it's free. It doesn't wait, because lock_timeout would end that."""
    _exit_if_unreachable()
    with connection.cursor() as cursor:

        def take():
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
            return cursor.fetchone()[0]

        yield take
        # After an error, the end of the connection does it.
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


@contextmanager
def _sqlite_lock():
    """The lock is on the database's folder: closing another handle of the file itself would end SQLite's own locks.

    Nothing connects before it is taken: the first connection turns on the journal of a new file, and a second one at
    that moment is told "database is locked" without any wait.
    """
    folder = os.open(Path(connection.settings_dict["NAME"]).parent, os.O_RDONLY)

    def take():
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    try:
        yield take
    finally:
        os.close(folder)
