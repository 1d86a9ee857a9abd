"""How long an act waits for a class's row: a request only for a while, and a task not at all.

One locked row must not use up all threads (F15). If a row stays locked for long, the requests of this process that wait
for it give up at about the same time, when the first one reaches its lock_timeout; they don't each wait for a full
lock_timeout of their own. Requests that arrive later wait only for SHORT_WAIT, until one of them gets the row again. On
SQLite, which locks no rows, this does nothing.
"""

from contextlib import contextmanager
from time import monotonic

from django.db import connection, transaction

LOCK_NOT_AVAILABLE = "55P03"  # PostgreSQL's error if lock_timeout is over
SHORT_WAIT = 200  # milliseconds; if a class is merely busy, its row is free again within this time

# A class's primary key -> the moment (monotonic) since which this process waits for its row without getting it.
_waiting_since = {}


@contextmanager
def limited_lock_wait(classroom_id):
    """Wrap it around the query that holds the class's row, inside the transaction."""
    waited = 1000 * (monotonic() - _waiting_since.setdefault(classroom_id, monotonic()))
    is_shortened = waited > SHORT_WAIT and connection.vendor == "postgresql"
    if is_shortened:
        left = connection.settings_dict["LOCK_TIMEOUT"] - waited
        _set_lock_timeout(f"{max(SHORT_WAIT, left):.0f}")
    try:
        yield
    except Exception as error:
        if getattr(error.__cause__, "sqlstate", "") != LOCK_NOT_AVAILABLE:
            _waiting_since.pop(classroom_id, None)
        raise
    _waiting_since.pop(classroom_id, None)
    if is_shortened:
        _set_lock_timeout("DEFAULT")


@contextmanager
def held_if_free(classes):
    """Hold the row of one class in a transaction of its own, for a task that goes from class to class.

    `classes` is a query of this class. Yields the class, or None if there is none, or if somebody acts in it at this
    moment: then it waits for the task's next run.
    """
    with transaction.atomic():
        yield classes.select_for_update(skip_locked=True, no_key=True).first()


def _set_lock_timeout(milliseconds):
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout TO {milliseconds}")
