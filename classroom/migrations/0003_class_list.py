import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("classroom", "0002_note"),
    ]

    operations = [
        migrations.AddField(
            model_name="classroom",
            name="list_kept_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(
                choices=[
                    ("open_class", "created the class"),
                    ("edit_class", "edited the class"),
                    ("change_note", "changed the note"),
                    ("keep_list", "kept a class list"),
                    ("forget_list", "deleted the class list"),
                    ("archive_class", "archived the class"),
                    ("restore_class", "restored the class"),
                    ("transfer_class", "handed the class over to"),
                    ("make_co_teacher", "gave co-teacher rights to"),
                    ("make_member", "took co-teacher rights from"),
                    ("set_aside", "moved to the queue:"),
                    ("remove_member", "removed"),
                    ("keep_out", "blocked"),
                    ("let_back", "unblocked"),
                    ("change_name", "changed their name"),
                    ("correct_name", "corrected the name of"),
                    ("give_password", "gave a one-time password to"),
                    ("export_roster", "exported the member list"),
                    ("leave_class", "left the class"),
                    ("lock_code", "locked the Code"),
                    ("lock_code_at", "chose when the Code locks"),
                    ("lock_crowded_code", "The Code locked because more people joined than expected"),
                    ("lock_all_codes", "The administrator of this site locked every Code"),
                    ("report_leak", "reported that the Code had leaked"),
                    ("unlock_code", "unlocked the Code"),
                    ("reset_code", "reset the Code"),
                    ("pause_join_url", "paused the Join URL"),
                    ("resume_join_url", "resumed the Join URL"),
                    ("join", "joined"),
                    ("ask", "asked to join"),
                    ("approve_request", "let in"),
                    ("deny_request", "said no to"),
                    ("undo_approval", "undid letting in"),
                    ("undo_denial", "undid saying no to"),
                    ("withdraw_request", "cancelled the request"),
                ],
                max_length=20,
                verbose_name="act",
            ),
        ),
        migrations.CreateModel(
            name="ListedName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=121)),
                (
                    "classroom",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="listed_names",
                        to="classroom.classroom",
                        verbose_name="class",
                    ),
                ),
            ],
            options={
                "verbose_name": "name on a class list",
                "verbose_name_plural": "names on class lists",
                "constraints": [models.UniqueConstraint(fields=("classroom", "name"), name="listed_once")],
            },
        ),
    ]
