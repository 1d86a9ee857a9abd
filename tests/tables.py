"""Everything that the database holds, to check that nothing has changed, and a way back to what it held."""

from contextlib import contextmanager

from django.apps import apps
from django.db import connection, transaction


def tables():
    """The rows of every table as the database gives them, sessions included, by model.

    Without querysets, because many tests look again after each of a hundred presses.
    """
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed and not model._meta.proxy:  # Django's Session and ours are one table
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608
                found[model._meta.label] = sorted(cursor.fetchall(), key=str)
    return found


@contextmanager
def undone():
    """What the block writes is rolled back at its end, so that one class serves many cases."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
