"""The clock of `celery beat`, when the machine's own is set back (F21)."""

import time

from celery.beat import PersistentScheduler


class Scheduler(PersistentScheduler):
    """Celery's own keeps what comes next by the machine's clock: set back an hour, it calls for nothing for an hour."""

    latest = 0  # seconds since the epoch

    def tick(self, *args, **options):
        if time.time() < self.latest:
            self._heap = None  # made anew from what was last called for when
        self.latest = time.time()
        return super().tick(*args, **options)
