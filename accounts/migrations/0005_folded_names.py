from django.db import migrations

from accounts import folding


def fold_names(apps, schema_editor):
    """Fold the names of accounts that were created by a sign-up which left that out."""
    people = apps.get_model("accounts", "User").objects.filter(sort_name="")
    for pk, *names in people.values_list("pk", "first_name", "last_name", "username").iterator():
        people.filter(pk=pk).update(
            sort_name=folding.sort_name(*names), search_name=folding.search_name(*names)
        )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_log_in_try")]

    operations = [migrations.RunPython(fold_names, migrations.RunPython.noop, elidable=True)]
