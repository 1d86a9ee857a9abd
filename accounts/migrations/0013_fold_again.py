from importlib import import_module

from django.db import migrations

fold_names = import_module("accounts.migrations.0010_folded_names").fold_names


class Migration(migrations.Migration):
    """Names are found and sorted by columns, which have to be made anew when accounts/folding.py changes."""

    dependencies = [("accounts", "0012_rename")]

    operations = [migrations.RunPython(fold_names, migrations.RunPython.noop)]
