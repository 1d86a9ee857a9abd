from django.db import migrations, models


class Migration(migrations.Migration):
    """The field's name alone: the column keeps its own, which the release before this one still reads (F27)."""

    dependencies = [("joins", "0009_over_quota")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    "joincode", "room", models.PositiveIntegerField(null=True, blank=True, db_column="room")
                ),
                migrations.RenameField("joincode", "room", "crowd_limit"),
            ]
        )
    ]
