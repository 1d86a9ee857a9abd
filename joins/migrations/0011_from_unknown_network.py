from django.db import migrations, models


class Migration(migrations.Migration):
    """Gives a field another name and leaves its column and index as they are."""

    dependencies = [("joins", "0010_crowd_limit")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveIndex("guess", "guesses_pooled"),
                migrations.AlterField("guess", "pooled", models.BooleanField(db_column="pooled")),
                migrations.RenameField("guess", "pooled", "from_unknown_network"),
                migrations.AddIndex(
                    "guess",
                    models.Index(
                        fields=["at"], condition=models.Q(from_unknown_network=True), name="guesses_pooled"
                    ),
                ),
            ]
        )
    ]
