from django.db import migrations

from accounts import folding
from accounts.models.folded import FoldedField

LOT = 500


def fold_names(apps, schema_editor):
    people = apps.get_model("accounts", "User").objects
    numbers = list(people.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(numbers), LOT):
        lot = list(people.filter(pk__in=numbers[start : start + LOT]))
        for person in lot:
            names = (person.first_name, person.last_name, person.username)
            person.sort_name, person.search_name = folding.sort_name(*names), folding.search_name(*names)
        people.bulk_update(lot, ["sort_name", "search_name"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_names")]

    operations = [
        migrations.AddField("user", "sort_name", FoldedField(db_default="", editable=False, max_length=300)),
        migrations.AddField("user", "search_name", FoldedField(db_default="", editable=False, max_length=300)),
        migrations.RunPython(fold_names, migrations.RunPython.noop),
    ]
