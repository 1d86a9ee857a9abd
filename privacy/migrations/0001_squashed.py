from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    """Create all tables of this app.

    `replaces` names the migrations that created them step by step. On a database that has all of those, `migrate` changes
    no table and only records this migration. On a database that has only some of them, it stops (accounts/checks.py).
    The columns stand in the order in which those migrations added them, so old and new databases are the same.
    """

    initial = True
    replaces = [
        ("privacy", "0001_person"),
        ("privacy", "0002_classless"),
    ]
    dependencies = [("accounts", "0001_squashed")]

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[],
            options={"verbose_name_plural": "people's data", "proxy": True},
            bases=("accounts.user",),
        ),
        migrations.CreateModel(
            name="Classless",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField(db_default=Now())),
                ("warned_at", models.DateTimeField(blank=True, null=True)),
                ("user", models.OneToOneField(on_delete=models.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
        ),
    ]
