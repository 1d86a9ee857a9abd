from django.db import migrations

from accounts import folding
from accounts.models.folded import FoldedField


def fold_names(apps, schema_editor):
    for classroom in list(apps.get_model("classroom", "Classroom").objects.only("name")):
        classroom.sort_name = folding.sort_class_name(classroom.name)
        classroom.save(update_fields=["sort_name"])


class Migration(migrations.Migration):
    dependencies = [("classroom", "0009_form_key")]

    operations = [
        migrations.AddField("classroom", "sort_name", FoldedField(db_default="", editable=False, max_length=300)),
        migrations.RunPython(fold_names, migrations.RunPython.noop),
    ]
