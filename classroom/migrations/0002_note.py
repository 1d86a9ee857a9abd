from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("classroom", "0001_squashed")]

    operations = [
        migrations.AddField(
            model_name="classroom", name="note", field=models.TextField(blank=True, db_default="", default="")
        ),
    ]
