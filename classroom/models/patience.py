"""A class whose row somebody holds for long must not keep the threads that other classes need (F15).

Whoever waits for it gives up when the first one in this process does (lock_timeout), not each after a time of their
own; and until somebody gets the row, who comes waits but a little.
"""

from contextlib import contextmanager
from time import monotonic

from django.conf import settings
from django.db import connection

NOT_FREE = "55P03"  # PostgreSQL: not free within lock_timeout
LITTLE = 200  # milliseconds; a class that is only busy is free within it

_since = {}  # a class's number -> since when this process waits for it, and nobody has got it


@contextmanager
def patience(number):
    """Around the look that takes the class's row, in its transaction."""
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
