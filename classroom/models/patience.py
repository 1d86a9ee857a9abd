"""Limits how long requests wait for a class's row, so that one locked row doesn't use up all threads (F15).

If a row stays locked for long, the requests of this process that wait for it give up at about the same time, when the
first one reaches its lock_timeout; they don't each wait for a full lock_timeout of their own. Requests that arrive
later wait only for LITTLE, until one of them gets the row again. On SQLite, which locks no rows, this does nothing.
"""

from contextlib import contextmanager
from time import monotonic

from django.conf import settings
from django.db import connection

NOT_FREE = "55P03"  # PostgreSQL: not free within lock_timeout
LITTLE = 200  # milliseconds; if a class is merely busy, its row is free again within this time

# A class's primary key -> the moment (monotonic) since which this process waits for its row without getting it.
_since = {}


@contextmanager
def patience(number):
    """Wrap it around the query that locks the class's row, inside the transaction. `number` is the class's pk."""
    waited = 1000 * (monotonic() - _since.setdefault(number, monotonic()))
    hurried = waited > LITTLE and connection.vendor == "postgresql"
    if hurried:
        _wait_at_most(f"{max(LITTLE, settings.LOCK_TIMEOUT - waited):.0f}")
    try:
        yield
    except Exception as error:
        if getattr(error.__cause__, "sqlstate", "") != NOT_FREE:
            _since.pop(number, None)
        raise
    _since.pop(number, None)
    if hurried:
        _wait_at_most("DEFAULT")


def _wait_at_most(milliseconds):
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout TO {milliseconds}")
