"""A transaction that the database has broken off is run again, as a whole (ADR 13)."""

import random
from functools import wraps
from time import sleep

from django.db import InterfaceError, OperationalError, connection

UNDONE = {"40001", "40P01"}  # serialization failure, deadlock: PostgreSQL has rolled everything back
LOST = {"57P01", "57P02", "57P03"}  # the session: ended by an operator, by a crash, or not yet possible
MOST_AGAIN = 3  # times
# Seconds at most before the first time, then twice as long; random, so that two do not meet again.
PAUSE = 0.05


def _is_undone(state, times):
    return state in UNDONE and times < MOST_AGAIN


def _is_undone_or_lost(state, times):
    """Lost without a word, a state of None, is the most frequent; PostgreSQL could not even say why."""
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
                    # Within an outer transaction this is only a part: whoever began that one may run it again.
                    if connection.in_atomic_block != within or not is_worth_it(state, times):
                        raise
                sleep(random.uniform(0, PAUSE * 2**times))  # noqa: S311 — no secret
                times += 1

        return whole

    return decorate


again_if_undone = _again(_is_undone)  # F17
# For an act with a savepoint of its own, within a transaction that cannot be run again: a log-in moves the session.
again_within = _again(_is_undone, within=True)
# Only for what may be done twice: the commit whose answer was lost may have counted (F13).
again_if_broken_off = _again(_is_undone_or_lost)
