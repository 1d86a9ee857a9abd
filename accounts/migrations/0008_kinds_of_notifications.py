from django.db import migrations, models


class Migration(migrations.Migration):
    """`text` stays, because the release before writes it while servers are being replaced (F27). The next one drops it."""

    dependencies = [
        ('accounts', '0007_spelled_mailboxes'),
    ]

    operations = [
        migrations.AddField(
            model_name='notification',
            name='facts',
            field=models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        migrations.AddField(
            model_name='notification',
            name='kind',
            field=models.CharField(blank=True, db_default='', max_length=40),
        ),
        migrations.AlterField(
            model_name='notification',
            name='text',
            field=models.CharField(blank=True, db_default='', default='', max_length=400),
        ),
    ]
