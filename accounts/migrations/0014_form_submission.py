from django.db import migrations


class Migration(migrations.Migration):
    """Gives the model another name and leaves its table as it is."""

    dependencies = [("accounts", "0013_fold_again")]

    operations = [
        migrations.AlterModelTable(name="press", table="accounts_press"),
        migrations.RenameModel("Press", "FormSubmission"),
    ]
