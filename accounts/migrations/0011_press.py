from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_folded_names")]

    operations = [
        migrations.CreateModel(
            name="Press",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64)),
                ("at", models.DateTimeField(db_default=Now())),
                ("came_in", models.CharField(blank=True, max_length=40)),
                ("ended_in", models.CharField(blank=True, max_length=40)),
                ("location", models.TextField(blank=True)),
                ("said", models.JSONField(default=list)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=["key", "came_in"], name="one_press")],
            },
        ),
    ]
