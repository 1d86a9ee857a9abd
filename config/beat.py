"""The clock of `celery beat`, when the machine's own is set back (F21)."""

import time
from contextlib import suppress

from celery.beat import PersistentScheduler
from django.db import Error, connection

from config import health


class Scheduler(PersistentScheduler):
    """Celery's own keeps what comes next by the machine's clock: set back an hour, it calls for nothing for an hour."""

    latest = 0  # seconds since the epoch

    def tick(self, *args, **options):
        if time.time() < self.latest:
            self._heap = None  # made anew from what was last called for when
        self.latest = time.time()
        return super().tick(*args, **options)

    def apply_entry(self, entry, producer=None):
        """With each call for a tick, which is every 30 seconds, it notes that it is there itself."""
        super().apply_entry(entry, producer)
        if entry.task == "config.celery.tick":
            with suppress(Error):
                health.note("beat")
            connection.close()  # one that broke unseen between two calls would hold beat up for a quarter of an hour
