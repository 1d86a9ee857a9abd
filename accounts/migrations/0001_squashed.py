import uuid

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import migrations, models
from django.db.models.functions import Lower, Now
from django.utils import timezone

from accounts.folding import FoldedField
from accounts.models.user import school_time_zone, validate_time_zone


class Migration(migrations.Migration):
    """Create all tables of this app.

    `replaces` names the migrations that created them step by step. On a database that has all of those, `migrate` changes
    no table and only records this migration. On a database that has only some of them, it stops (accounts/checks.py).
    The columns stand in the order in which those migrations added them, so old and new databases are the same.
    """

    initial = True
    replaces = [
        ("accounts", "0001_initial"),
        ("accounts", "0002_log_outs"),
        ("accounts", "0003_letter"),
        ("accounts", "0004_one_time_password"),
        ("accounts", "0005_erased"),
        ("accounts", "0006_letter_user"),
        ("accounts", "0007_faults"),
        ("accounts", "0008_form_key"),
        ("accounts", "0009_names"),
        ("accounts", "0010_folded_names"),
        ("accounts", "0011_press"),
        ("accounts", "0012_rename"),
        ("accounts", "0013_fold_again"),
        # Without 0014_form_submission: it changed no table, so a database may go on with it or without it.
    ]
    dependencies = [("auth", "0012_alter_user_first_name_max_length")]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                ("date_joined", models.DateTimeField(default=timezone.now, verbose_name="date joined")),
                (
                    "username",
                    models.CharField(
                        help_text="Up to 30 letters, digits, dots, hyphens and underscores.",
                        max_length=30,
                        unique=True,
                        validators=[
                            RegexValidator(
                                "^[A-Za-z0-9][A-Za-z0-9._-]*\\Z",
                                "Use the letters a to z, digits, dots, hyphens and underscores, beginning with a letter or a digit.",
                                code="username",
                            )
                        ],
                    ),
                ),
                ("first_name", models.CharField(max_length=60)),
                ("last_name", models.CharField(blank=True, max_length=60)),
                (
                    "kind",
                    models.CharField(
                        choices=[("teacher", "Teacher"), ("student", "Student")],
                        max_length=7,
                        verbose_name="teacher or student",
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(default=school_time_zone, max_length=60, validators=[validate_time_zone]),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
                ("log_outs", models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ("one_time_until", models.DateTimeField(blank=True, editable=False, null=True)),
                ("erased_at", models.DateTimeField(editable=False, null=True)),
                ("form_key", models.UUIDField(editable=False, null=True, unique=True)),
                ("sort_name", FoldedField(db_default="", editable=False, max_length=300)),
                ("search_name", FoldedField(db_default="", editable=False, max_length=300)),
            ],
            options={
                "verbose_name": "account",
                "verbose_name_plural": "accounts",
                "indexes": [models.Index(fields=["email"], name="users_by_email")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("username", Lower("username"))), name="username_in_lower_case"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["teacher", "student"])), name="user_kind_known"
                    ),
                    models.UniqueConstraint(
                        Lower("email"), condition=models.Q(("email", ""), _negated=True), name="one_account_an_address"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Digest",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("topic", models.CharField(blank=True, max_length=40)),
                ("created_at", models.DateTimeField(db_default=Now())),
                ("due_at", models.DateTimeField(db_default=Now())),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "given_up_at",
                    models.DateTimeField(
                        blank=True, db_column="parked_at", help_text="See the address or the server.", null=True
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=models.CASCADE,
                        related_name="digests",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                ("faults", models.PositiveSmallIntegerField(db_default=0, default=0)),
            ],
            options={
                "verbose_name": "email about notifications",
                "verbose_name_plural": "emails about notifications",
                "indexes": [
                    models.Index(
                        condition=models.Q(("given_up_at", None), ("sent_at", None)),
                        fields=["due_at"],
                        name="digests_to_send",
                    ),
                    models.Index(fields=["user", "topic", "created_at"], name="digests_of_a_topic"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=400)),
                ("link", models.CharField(max_length=200)),
                ("topic", models.CharField(blank=True, max_length=40)),
                ("about", models.CharField(blank=True, max_length=40)),
                ("created_at", models.DateTimeField(db_default=Now())),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                (
                    "mail_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When it may go out by email, if unread.",
                        null=True,
                        verbose_name="email due at",
                    ),
                ),
                (
                    "digest",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=models.SET_NULL,
                        related_name="notifications",
                        to="accounts.digest",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=models.CASCADE,
                        related_name="notifications",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "mentions",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=models.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "notification",
                "verbose_name_plural": "notifications",
                "indexes": [
                    models.Index(fields=["user", "-id"], name="notifications_of_a_user"),
                    models.Index(condition=models.Q(("read_at", None)), fields=["user"], name="unread_of_a_user"),
                    models.Index(condition=models.Q(("read_at", None)), fields=["about"], name="unread_about"),
                    models.Index(
                        condition=models.Q(("digest", None), ("read_at", None)),
                        fields=["mail_at"],
                        name="unread_and_not_mailed",
                    ),
                    models.Index(
                        condition=models.Q(("mentions__isnull", False)),
                        fields=["mentions"],
                        name="mentions_of_a_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(db_default=Now())),
                ("due_at", models.DateTimeField(db_default=Now())),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                (
                    "given_up_at",
                    models.DateTimeField(
                        blank=True, db_column="parked_at", help_text="See the address or the server.", null=True
                    ),
                ),
                ("kind", models.CharField(max_length=60)),
                ("to", models.EmailField(max_length=254)),
                ("subject", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("html", models.TextField(blank=True)),
                (
                    "ends_at",
                    models.DateTimeField(blank=True, help_text="After this it is of no use to anybody.", null=True),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=models.CASCADE,
                        related_name="letters",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                ("faults", models.PositiveSmallIntegerField(db_default=0, default=0)),
            ],
            options={
                "verbose_name": "other email",
                "verbose_name_plural": "other emails",
                "indexes": [
                    models.Index(condition=models.Q(("given_up_at", None)), fields=["due_at"], name="letters_to_send")
                ],
            },
        ),
        migrations.CreateModel(
            name="FormSubmission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64)),
                ("at", models.DateTimeField(db_default=Now())),
                ("came_in", models.CharField(blank=True, max_length=40)),
                ("ended_in", models.CharField(blank=True, max_length=40)),
                ("location", models.TextField(blank=True)),
                ("messages", models.JSONField(db_column="said", default=list)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("key", "came_in"), name="one_press")],
                "db_table": "accounts_press",  # the name that this table had before its model was renamed
            },
        ),
        migrations.CreateModel(
            name="Rename",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("old", models.CharField(max_length=121)),
                ("new", models.CharField(max_length=121)),
                ("at", models.DateTimeField(db_default=Now())),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(on_delete=models.CASCADE, related_name="renames", to=settings.AUTH_USER_MODEL),
                ),
            ],
        ),
    ]
