"""Decorators that run a transaction again, as a whole, if the database has broken it off (ADR 13); and snapshot()."""

import random
from contextlib import contextmanager
from functools import wraps
from time import sleep

from django.db import InterfaceError, OperationalError, connection, transaction

# SQLSTATEs of PostgreSQL.
ROLLED_BACK = {"40001", "40P01"}  # serialization failure, deadlock: all of the transaction is undone
CONNECTION_LOST = {"57P01", "57P02", "57P03"}  # ended by an operator or by a crash, or not possible yet
MOST_RETRIES = 3
# Longest pause before the first retry, in seconds; it doubles each time. Random, so that two don't collide again.
LONGEST_FIRST_PAUSE = 0.05


def retry_transaction(act):
    """For most acts: run it again after a deadlock or a serialization failure (F17)."""
    return _retrying(act)


def retry_savepoint(act):
    """For an act with its own savepoint, in a transaction that can't be run again, such as that of a log-in."""
    return _retrying(act, is_savepoint=True)


def retry_also_if_connection_lost(act):
    """Only for acts that may be done twice: a commit at which the connection was lost may have worked (F13)."""
    return _retrying(act, retries_after_loss=1)


def _retrying(act, retries_after_loss=0, is_savepoint=False):
    @wraps(act)
    def retrying(*args, **kwargs):
        retried = 0
        while True:
            try:
                return act(*args, **kwargs)
            except (OperationalError, InterfaceError) as error:
                # Inside an outer transaction this is only a part: run the outer one again, if that's allowed.
                is_part = connection.in_atomic_block != is_savepoint
                if is_part or retried >= _most_retries(error, retries_after_loss):
                    raise
            sleep(random.uniform(0, LONGEST_FIRST_PAUSE * 2**retried))  # noqa: S311 — no secret
            retried += 1

    return retrying


def _most_retries(error, retries_after_loss):
    state = getattr(error.__cause__, "sqlstate", "")
    if state in ROLLED_BACK:
        return MOST_RETRIES
    # A lost connection mostly has no state, because PostgreSQL could not even say why.
    is_lost = state is None or state in CONNECTION_LOST or state.startswith("08")
    return retries_after_loss if is_lost else 0


@contextmanager
def snapshot():
    """A transaction in which every query sees the database as it is when the first one runs."""
    with transaction.atomic():
        if connection.vendor == "postgresql":  # SQLite lets nobody write meanwhile
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield
