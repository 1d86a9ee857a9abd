from django.db import migrations


class Migration(migrations.Migration):
    """Gives the model another name in Python only. Its table keeps the name that the release before reads and writes."""

    dependencies = [("accounts", "0013_fold_again")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterModelTable(name="press", table="accounts_press"),
                migrations.RenameModel("Press", "FormSubmission"),
            ]
        )
    ]
