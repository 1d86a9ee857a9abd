from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import migrations, models
from django.db.models.functions import Now

from accounts.folding import FoldedField
from classroom.models.classroom import new_public_id


class Migration(migrations.Migration):
    """Create all tables of this app.

    `replaces` names the migrations that created them step by step. On a database that has all of those, `migrate` changes
    no table and only records this migration. On a database that has only some of them, it stops (accounts/checks.py).
    The columns stand in the order in which those migrations added them, so old and new databases are the same.
    """

    initial = True
    replaces = [
        ("classroom", "0001_initial"),
        ("classroom", "0002_expected_size"),
        ("classroom", "0003_lock_all_codes"),
        ("classroom", "0004_give_password"),
        ("classroom", "0005_set_aside"),
        ("classroom", "0006_export_roster"),
        ("classroom", "0007_hides_members"),
        ("classroom", "0008_words_of_the_history"),
        ("classroom", "0009_form_key"),
        ("classroom", "0010_sort_name"),
        ("classroom", "0011_rename"),
    ]
    dependencies = [("accounts", "0001_squashed")]

    operations = [
        migrations.CreateModel(
            name="Classroom",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=new_public_id,
                        editable=False,
                        max_length=12,
                        unique=True,
                        verbose_name="id in the address",
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                (
                    "kind",
                    models.CharField(
                        choices=[("class", "Class"), ("group", "Group")],
                        default="class",
                        max_length=5,
                        verbose_name="class or group",
                    ),
                ),
                ("subject", models.CharField(blank=True, max_length=60)),
                ("grade", models.CharField(blank=True, max_length=30)),
                (
                    "colour",
                    models.CharField(
                        choices=[
                            ("green", "Green"),
                            ("teal", "Teal"),
                            ("blue", "Blue"),
                            ("purple", "Purple"),
                            ("plum", "Plum"),
                            ("red", "Red"),
                            ("orange", "Orange"),
                            ("slate", "Slate"),
                        ],
                        default="green",
                        max_length=6,
                    ),
                ),
                ("created_at", models.DateTimeField(db_default=Now())),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
                (
                    "archived_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "expected_size",
                    models.PositiveSmallIntegerField(
                        db_default=40, default=40, validators=[MinValueValidator(1), MaxValueValidator(5000)]
                    ),
                ),
                ("hides_members", models.BooleanField(db_default=False, default=False)),
                ("form_key", models.UUIDField(editable=False, null=True, unique=True)),
                ("sort_name", FoldedField(db_default="", editable=False, max_length=300)),
            ],
            options={
                "verbose_name": "class",
                "verbose_name_plural": "classes",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("archived_at", None), ("archived_by", None)),
                            models.Q(("archived_at__isnull", False), ("archived_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="classroom_archived_at_and_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["class", "group"])), name="classroom_kind_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[("owner", "Owner"), ("co-teacher", "Co-teacher"), ("member", "Member")],
                        default="member",
                        max_length=10,
                    ),
                ),
                (
                    "door",
                    models.CharField(
                        choices=[("opened", "Opened the class"), ("code", "Code"), ("join-url", "Join URL")],
                        max_length=8,
                        verbose_name="joined with",
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=16)),
                ("joined_at", models.DateTimeField(db_default=Now())),
                (
                    "classroom",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=models.CASCADE,
                        related_name="memberships",
                        to="classroom.classroom",
                        verbose_name="class",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=models.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "member",
                "verbose_name_plural": "members",
                "constraints": [
                    models.UniqueConstraint(fields=("classroom", "user"), name="one_membership"),
                    models.UniqueConstraint(
                        condition=models.Q(("role", "owner")), fields=["classroom"], name="one_owner"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["owner", "co-teacher", "member"])),
                        name="membership_role_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("door", "code"), ("code", ""), _connector="XOR"),
                        name="membership_by_code_names_it",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="KeptOut",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_default=Now(), verbose_name="blocked at")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=models.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="blocked by",
                    ),
                ),
                (
                    "classroom",
                    models.ForeignKey(
                        on_delete=models.CASCADE,
                        related_name="kept_out",
                        to="classroom.classroom",
                        verbose_name="class",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=models.CASCADE,
                        related_name="kept_out_of",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "blocked person",
                "verbose_name_plural": "blocked people",
                "constraints": [models.UniqueConstraint(fields=("classroom", "user"), name="kept_out_once")],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("open_class", "created the class"),
                            ("edit_class", "edited the class"),
                            ("change_note", "changed the note"),
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
                (
                    "door",
                    models.CharField(
                        blank=True,
                        choices=[("opened", "Opened the class"), ("code", "Code"), ("join-url", "Join URL")],
                        max_length=8,
                        verbose_name="joined with",
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=16)),
                ("at", models.DateTimeField(db_default=Now(), verbose_name="done at")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=models.PROTECT,
                        related_name="events_caused",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="done by",
                    ),
                ),
                (
                    "classroom",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=models.CASCADE,
                        related_name="events",
                        to="classroom.classroom",
                        verbose_name="class",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=models.PROTECT,
                        related_name="events_met",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="about",
                    ),
                ),
                (
                    "rename",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=models.SET_NULL,
                        related_name="+",
                        to="accounts.rename",
                    ),
                ),
            ],
            options={
                "verbose_name": "history entry",
                "verbose_name_plural": "history entries",
                "indexes": [
                    models.Index(fields=["classroom", "-at", "-id"], name="events_of_a_class"),
                    models.Index(
                        condition=models.Q(("rename__isnull", False)), fields=["rename"], name="events_of_a_rename"
                    ),
                ],
            },
        ),
    ]
