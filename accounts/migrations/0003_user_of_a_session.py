import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds a column to the table of django.contrib.sessions, whose rows stay as they are."""

    dependencies = [
        ('accounts', '0002_first_steps'),
        ('sessions', '0001_initial'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='Session',
                    fields=[
                        (
                            'session_key',
                            models.CharField(
                                max_length=40, primary_key=True, serialize=False, verbose_name='session key'
                            ),
                        ),
                        ('session_data', models.TextField(verbose_name='session data')),
                        ('expire_date', models.DateTimeField(db_index=True, verbose_name='expire date')),
                    ],
                    options={
                        'verbose_name': 'session',
                        'verbose_name_plural': 'sessions',
                        'db_table': 'django_session',
                        'abstract': False,
                    },
                ),
            ],
        ),
        migrations.AddField(
            model_name='session',
            name='user',
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name='+',
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterModelOptions(
            name='session',
            options={'managed': False, 'verbose_name': 'session', 'verbose_name_plural': 'sessions'},
        ),
    ]
