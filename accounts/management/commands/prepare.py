import logging

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from accounts.checks import no_half_replaced_migrations

logger = logging.getLogger("homeroom")


class Command(BaseCommand):
    help = "Makes the database ready for this version: before the first start, and at each upgrade. Twice is harmless."

    def handle(self, **options):
        if reason := _why_unreachable():
            logger.critical("The database can't be reached: %s", reason)
            raise SystemExit(1)
        for error in no_half_replaced_migrations(
            databases=[DEFAULT_DB_ALIAS]
        ):  # call_command() skips the checks
            logger.critical("%s", error.msg)
            raise SystemExit(1)
        executor = MigrationExecutor(connection)
        to_run = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        done = f"migrations run: {to_run}." if to_run else "no migration to run."
        # Logged and not printed, so that programs can read it in the container log of the service `prepare`.
        logger.info("The database is ready; %s", done)


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
