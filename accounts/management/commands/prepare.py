import logging

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

logger = logging.getLogger("homeroom")


class Command(BaseCommand):
    help = "Makes the database ready for this version: before the first start, and at each upgrade. Twice is harmless."

    def handle(self, **options):
        executor = MigrationExecutor(connection)
        to_run = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        done = f"migrations run: {to_run}." if to_run else "no migration to run."
        # A line of the log, which an engine keeps of the service `prepare`, so that a machine can read it too.
        logger.info("The database is ready; %s", done)
