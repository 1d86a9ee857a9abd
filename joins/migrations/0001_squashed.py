from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Now

from joins.models.join_url import new_key


class Migration(migrations.Migration):
    """Create all tables of this app.

    `replaces` names the migrations that created them step by step. On a database that has all of those, `migrate` changes
    no table and only records this migration. On a database that has only some of them, it stops (accounts/checks.py).
    The columns stand in the order in which those migrations added them, so old and new databases are the same.
    """

    initial = True
    replaces = [
        ("joins", "0001_initial"),
        ("joins", "0002_sign_up"),
        ("joins", "0003_crowd"),
        ("joins", "0004_set_aside"),
        ("joins", "0005_pause_join_url"),
        ("joins", "0006_a_persons_requests"),
        ("joins", "0007_guesses"),
        ("joins", "0008_class_networks"),
        ("joins", "0009_over_quota"),
        ("joins", "0010_crowd_limit"),
        # Without 0011_from_unknown_network: it changed no table, so a database may go on with it or without it.
    ]
    dependencies = [("accounts", "0001_squashed"), ("classroom", "0001_squashed")]

    operations = [
        migrations.CreateModel(
            name="JoinCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=16, unique=True)),
                ("created_at", models.DateTimeField(db_default=Now())),
                ("locks_at", models.DateTimeField()),
                ("locked_at", models.DateTimeField(blank=True, null=True)),
                ("warned_at", models.DateTimeField(blank=True, null=True)),
                ("retired_at", models.DateTimeField(blank=True, null=True, verbose_name="replaced at")),
                (
                    "classroom",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=models.SET_NULL,
                        related_name="join_codes",
                        to="classroom.classroom",
                        verbose_name="class",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "locked_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "retired_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=models.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="replaced by",
                    ),
                ),
                ("crowded", models.BooleanField(db_default=False, default=False)),
                # The column keeps the name that it had before the field was renamed.
                ("crowd_limit", models.PositiveIntegerField(blank=True, db_column="room", null=True)),
            ],
            options={
                "verbose_name": "Code",
                "verbose_name_plural": "Codes",
                "indexes": [
                    models.Index(
                        condition=models.Q(("locked_at", None), ("retired_at", None)),
                        fields=["locks_at"],
                        name="codes_to_lock",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("retired_at", None)), fields=["classroom"], name="one_current_code"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("classroom__isnull", False), ("retired_at", None), ("retired_by", None)),
                            models.Q(("retired_at__isnull", False), ("retired_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="join_code_retired_at_and_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("locked_by", None), ("locked_at__isnull", False), _connector="OR"),
                        name="join_code_locked_by_has_locked_at",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("crowded", False),
                            models.Q(("locked_at__isnull", False), ("locked_by", None)),
                            _connector="OR",
                        ),
                        name="join_code_crowded_locked_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="JoinURL",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(default=new_key, editable=False, max_length=22, unique=True)),
                (
                    "classroom",
                    models.OneToOneField(
                        on_delete=models.CASCADE,
                        related_name="join_url",
                        to="classroom.classroom",
                        verbose_name="class",
                    ),
                ),
                ("paused_at", models.DateTimeField(blank=True, null=True)),
                (
                    "paused_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "Join URL",
                "verbose_name_plural": "Join URLs",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("paused_at", None), ("paused_by", None)),
                            models.Q(("paused_at__isnull", False), ("paused_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="join_url_paused_at_and_by",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="JoinRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "door",
                    models.CharField(
                        choices=[("opened", "Opened the class"), ("code", "Code"), ("join-url", "Join URL")],
                        max_length=8,
                        verbose_name="asked with",
                    ),
                ),
                ("name", models.CharField(max_length=121)),
                ("class_name", models.CharField(max_length=100)),
                ("asked_at", models.DateTimeField(db_default=Now())),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "waits"),
                            ("approved", "let in"),
                            ("denied", "not let in"),
                            ("withdrawn", "cancelled"),
                            ("admitted", "came in by an unlocked Code"),
                        ],
                        default="pending",
                        max_length=9,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "classroom",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=models.CASCADE,
                        related_name="join_requests",
                        to="classroom.classroom",
                        verbose_name="class",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=models.PROTECT,
                        related_name="join_requests_decided",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "join_code",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=models.PROTECT,
                        related_name="join_requests",
                        to="joins.joincode",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=models.CASCADE,
                        related_name="join_requests",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                ("moved_to_queue", models.BooleanField(db_column="set_aside", db_default=False, default=False)),
                ("quiet", models.BooleanField(db_default=False, default=False, editable=False)),
                ("over_quota", models.BooleanField(db_default=False, default=False, editable=False)),
            ],
            options={
                "verbose_name": "request to join",
                "verbose_name_plural": "requests to join",
                "indexes": [
                    models.Index(fields=["classroom", "user"], name="requests_of_a_person"),
                    models.Index(
                        condition=models.Q(("status", "pending")),
                        fields=["classroom", "over_quota", "asked_at", "id"],
                        name="queue_of_a_class",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "pending")),
                        fields=("classroom", "user"),
                        name="one_pending_request",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("decided_by", None), ("status", "pending")),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("status__in", ["approved", "denied", "withdrawn", "admitted"]),
                            ),
                            _connector="OR",
                        ),
                        name="join_request_decided_at_and_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("door", "code"), ("join_code__isnull", False)),
                            models.Q(("door", "join-url"), ("join_code", None)),
                            _connector="OR",
                        ),
                        name="join_request_by_code_names_it",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SignUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_default=Now(), verbose_name="created at")),
                (
                    "join_code",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="sign_ups", to="joins.joincode", verbose_name="Code"
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=models.CASCADE,
                        related_name="sign_up",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "account created with a Code",
                "verbose_name_plural": "accounts created with a Code",
            },
        ),
        migrations.CreateModel(
            name="Guess",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_default=Now(), db_index=True, verbose_name="typed at")),
                ("session", models.CharField(max_length=32)),
                ("network", models.CharField(max_length=43)),
                ("wider", models.CharField(max_length=43, verbose_name="wider network")),
                # The column keeps the name that it had before the field was renamed.
                ("from_unknown_network", models.BooleanField(db_column="pooled")),
                # In an older SQLite database this is the last column; PostgreSQL has always had it here.
                ("code", models.CharField(blank=True, db_default="", editable=False, max_length=16)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=models.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "wrong Code",
                "verbose_name_plural": "wrong Codes",
                "indexes": [
                    models.Index(fields=["account", "at"], name="guesses_of_an_account"),
                    models.Index(fields=["session", "at"], name="guesses_of_a_session"),
                    models.Index(fields=["network", "at"], name="guesses_in_a_network"),
                    models.Index(fields=["wider", "at"], name="guesses_in_a_wider_network"),
                    models.Index(
                        condition=models.Q(("from_unknown_network", True)), fields=["at"], name="guesses_pooled"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="KnownNetwork",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("network", models.CharField(max_length=43, unique=True)),
                ("joined_at", models.DateTimeField(db_index=True, verbose_name="named at")),
            ],
            options={"verbose_name": "network of the school", "verbose_name_plural": "networks of the school"},
        ),
        migrations.CreateModel(
            name="ClassNetwork",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("network", models.CharField(max_length=43)),
                ("seen_at", models.DateTimeField(db_index=True, verbose_name="last seen at")),
                (
                    "classroom",
                    models.ForeignKey(
                        on_delete=models.CASCADE,
                        related_name="networks",
                        to="classroom.classroom",
                        verbose_name="class",
                    ),
                ),
            ],
            options={
                "verbose_name": "network of a class",
                "verbose_name_plural": "networks of classes",
                "constraints": [
                    models.UniqueConstraint(fields=("network", "classroom"), name="one_network_of_a_class")
                ],
            },
        ),
    ]
