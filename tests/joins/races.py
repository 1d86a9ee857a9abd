"""Several people act at the same moment."""

from threading import Barrier, Thread

from django.db import connection

from joins.acts import queue
from joins.acts.by_code import use_code
from joins.acts.join_result import JoinResult

ROUNDS = range(8)  # in which a lock that is missing shows itself
PATIENCE = 60_000  # milliseconds


def run_together(*acts):
    """Runs the acts in threads that start together. Returns what each returned or raised, in their order.

    On PostgreSQL they wait for each other for as long as a busy machine may take for all of them. What an act does that
    has waited for too long is not their question, but that of test_busy_class.py.
    """
    start, outcomes = Barrier(len(acts)), [None] * len(acts)

    def run(number, act):
        wait_patiently()
        connection.ensure_connection()
        start.wait()
        try:
            outcomes[number] = act()
        except Exception as raised:
            outcomes[number] = raised
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def wait_patiently():
    """Gives the connection that this thread is about to open PATIENCE instead of the product's limits."""
    if connection.vendor == "postgresql":
        limits = f"-c statement_timeout={PATIENCE} -c lock_timeout={PATIENCE}"
        options = connection.settings_dict["OPTIONS"] | {"options": limits}
        connection.settings_dict = connection.settings_dict | {"OPTIONS": options, "LOCK_TIMEOUT": PATIENCE}


def will_use_code(code, user):
    return lambda: use_code(code.code, by=user)


def decide(asked, decision, by):
    return lambda: queue.decide(asked.classroom, [asked.pk], decision, by=by)


def count_joined(outcomes):
    return sum(result.is_member for result in raised(outcomes, JoinResult))


def count_waiting(outcomes):
    return sum(not result.is_member for result in raised(outcomes, JoinResult))


def raised(outcomes, kind):
    return [outcome for outcome in outcomes if isinstance(outcome, kind)]
