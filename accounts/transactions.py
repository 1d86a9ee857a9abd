"""Run a transaction again, as a whole, if the database has broken it off (ADR 13)."""

import random
from functools import wraps
from time import sleep

from django.db import InterfaceError, OperationalError, connection

UNDONE = {"40001", "40P01"}  # serialization failure, deadlock: PostgreSQL has rolled everything back
LOST = {"57P01", "57P02", "57P03"}  # the connection: ended by an operator or by a crash, or not possible yet
MOST_AGAIN = 3  # repetitions
# Longest pause before the first repetition, in seconds; it doubles each time. Random, so that two don't collide again.
PAUSE = 0.05


def _is_undone(state, times):
    return state in UNDONE and times < MOST_AGAIN


def _is_undone_or_lost(state, times):
    """A lost connection mostly has no state (None), because PostgreSQL could not even say why."""
    is_lost = state is None or state in LOST or state.startswith("08")
    return _is_undone(state, times) or (is_lost and times < 1)


def _again(is_worth_it, within=False):
    def decorate(verb):
        @wraps(verb)
        def whole(*args, **kwargs):
            times = 0
            while True:
                try:
                    return verb(*args, **kwargs)
                except (OperationalError, InterfaceError) as error:
                    state = getattr(error.__cause__, "sqlstate", "")
                    # Inside an outer transaction this is only a part: run the outer one again, if that's allowed.
                    if connection.in_atomic_block != within or not is_worth_it(state, times):
                        raise
                sleep(random.uniform(0, PAUSE * 2**times))  # noqa: S311 — no secret
                times += 1

        return whole

    return decorate


# For most acts: run the transaction again after a deadlock or a serialization failure (F17).
again_if_undone = _again(_is_undone)
# For an act with its own savepoint, inside a transaction that can't be run again, as when a log-in moves the session.
again_within = _again(_is_undone, within=True)
# Only for acts that may be done twice: if the connection was lost at the commit, the commit may have worked (F13).
again_if_broken_off = _again(_is_undone_or_lost)
