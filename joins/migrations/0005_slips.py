import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

DOORS = [("opened", "Opened the class"), ("code", "Code"), ("join-url", "Join URL"), ("slip", "Slip")]


class Migration(migrations.Migration):
    dependencies = [("classroom", "0005_slips"), ("joins", "0004_columns_without_use")]

    operations = [
        migrations.AddField(
            model_name="joincode",
            name="is_of_slip",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddConstraint(
            model_name="joincode",
            constraint=models.CheckConstraint(
                condition=models.Q(is_of_slip=False) | models.Q(retired_at__isnull=False),
                name="join_code_of_slip_is_retired",
            ),
        ),
        migrations.RemoveConstraint(model_name="joinrequest", name="join_request_by_code_names_it"),
        migrations.AlterField(
            model_name="joinrequest",
            name="door",
            field=models.CharField(choices=DOORS, max_length=8, verbose_name="asked with"),
        ),
        migrations.AddConstraint(
            model_name="joinrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(door__in=["code", "slip"], join_code__isnull=False)
                | models.Q(door="join-url", join_code=None),
                name="join_request_by_code_names_it",
            ),
        ),
        migrations.AlterField(
            model_name="joinrequest",
            name="status",
            field=models.CharField(
                choices=[
                    ("pending", "waits"),
                    ("approved", "let in"),
                    ("denied", "not let in"),
                    ("withdrawn", "cancelled"),
                    ("admitted", "came in by an unlocked Code or a slip"),
                ],
                default="pending",
                max_length=9,
            ),
        ),
        migrations.CreateModel(
            name="Slip",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "join_code",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="slip",
                        to="joins.joincode",
                        verbose_name="Code",
                    ),
                ),
                (
                    "listed_name",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="slips",
                        to="classroom.listedname",
                        verbose_name="name on the list",
                    ),
                ),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "used_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "slip",
                "verbose_name_plural": "slips",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(used_at=None), fields=("listed_name",), name="one_unused_slip"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(used_at=None, used_by=None)
                        | models.Q(used_at__isnull=False, used_by__isnull=False),
                        name="slip_used_at_and_by",
                    ),
                ],
            },
        ),
    ]
