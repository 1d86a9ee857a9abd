"""Everything that the database holds, to check that nothing has changed, and a way back to what it held."""

from contextlib import contextmanager

from django.apps import apps
from django.db import transaction


def tables():
    """The rows of every table, sessions included, by model."""
    return {
        model._meta.label: sorted(model._base_manager.values_list(), key=str)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed  # Django's Session and ours are one table
    }


@contextmanager
def undone():
    """What the block writes is rolled back at its end, so that one class serves many cases."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
