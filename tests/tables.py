"""Everything that the database holds, to check that nothing has changed."""

from django.apps import apps


def tables():
    """The rows of every table, sessions included, by model."""
    return {
        model._meta.label: sorted(model._base_manager.values_list(), key=str)
        for model in apps.get_models(include_auto_created=True)
    }
