from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Lower, Now
from django.utils import timezone
from django.utils.crypto import get_random_string, salted_hmac

from accounts import folding, limits, mailboxes, signals
from accounts.compiled import compiled
from accounts.folding import FoldedField
from accounts.models.form_submission import SAME_FORM_WITHIN
from accounts.models.log_in_try import LogInTry
from accounts.models.rename import Rename
from accounts.models.user_queryset import FOLDED_COLUMNS, NAME_FIELDS, UserQuerySet
from accounts.names import USERNAME_VALIDATORS, reads_like_address
from accounts.one_time_passwords import (
    ONE_TIME_FOR,
    ONE_TIME_LENGTH,
    ONE_TIME_LETTERS,
    derive_one_time_password,
    normalize_one_time_password,
)
from accounts.shown_names import Named
from accounts.transactions import retry_transaction


def school_time_zone():
    return settings.TIME_ZONE


known_time_zones = cache(available_timezones)  # reads a folder of hundreds of files


def validate_time_zone(name):
    if name not in known_time_zones():
        raise ValidationError("Choose a time zone from the list.", code="time_zone")


class HomeroomUserManager(UserManager.from_queryset(UserQuerySet)):
    use_in_migrations = False

    def create_superuser(self, username, email=None, password=None, **fields):
        """Every operator is a teacher, because the managers of a class may set a student's password (A1, T59)."""
        with transaction.atomic():
            return super().create_superuser(username, email, password, kind=self.model.Kind.TEACHER, **fields)

    @classmethod
    def normalize_email(cls, email):
        """In lower case, as log-in and sign-up look for it. Django keeps the case of the part before the @."""
        return super().normalize_email(email).lower()


class User(Named, AbstractUser):
    """The account of a teacher or a student (A1). It knows nothing about classes."""

    class Kind(models.TextChoices):
        TEACHER = "teacher"
        STUDENT = "student"

    username = models.CharField(
        max_length=30,
        unique=True,  # always in lower case, so ANN and ann are the same (T85)
        validators=USERNAME_VALIDATORS,
        help_text="Up to 30 letters, digits, dots, hyphens and underscores.",
    )
    first_name = models.CharField(max_length=60)
    last_name = models.CharField(max_length=60, blank=True)  # many people have only one name (A7)
    sort_name = FoldedField(sources=NAME_FIELDS, compute=folding.sort_name)
    search_name = FoldedField(sources=NAME_FIELDS, compute=folding.search_name)
    kind = models.CharField(max_length=7, choices=Kind, verbose_name="teacher or student")
    # How many times all sessions were ended at once. It's part of every session's hash.
    log_outs = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    # If set, somebody else gave the password. It expires at this moment, and its owner can only choose another one.
    one_time_until = models.DateTimeField(null=True, blank=True, editable=False)
    time_zone = models.CharField(max_length=60, default=school_time_zone, validators=[validate_time_zone])

    # Whether the person has put away the first steps on the page of their first class.
    hides_first_steps = models.BooleanField(default=False, db_default=False, editable=False)

    # Closed by a manager only because it was put together with another account of the same person, so a manager may
    # reopen it. Once somebody else has closed or reopened the account, it's theirs to decide.
    put_together = models.BooleanField(default=False, db_default=False, editable=False)

    # The key of the sign-up form that created the account, so that a second press creates no other one (A9).
    form_key = models.UUIDField(null=True, unique=True, editable=False)

    # Set once the person's name is removed from everything (app privacy). The histories keep a number.
    erased_at = models.DateTimeField(null=True, editable=False)

    # Whether this request creates the account, which is a student's, and logs in to it.
    is_signing_up = False

    objects = HomeroomUserManager()

    REQUIRED_FIELDS = ["email", "first_name", "last_name"]  # what createsuperuser asks for

    class Meta:
        verbose_name = "account"
        verbose_name_plural = "accounts"
        indexes = [models.Index(fields=["email"], name="users_by_email")]  # every log-in searches it too
        constraints = [
            models.CheckConstraint(
                condition=models.Q(username=Lower("username")), name="username_in_lower_case"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["teacher", "student"]), name="user_kind_known"
            ),
            models.UniqueConstraint(
                Lower("email"), condition=~models.Q(email=""), name="one_account_an_address"
            ),
        ]

    @classmethod
    def normalize_username(cls, username):
        return super().normalize_username(username).lower()

    def save(self, *args, update_fields=None, **kwargs):
        if update_fields is not None and set(update_fields) & set(NAME_FIELDS):
            update_fields = {*update_fields, *FOLDED_COLUMNS}
        super().save(*args, update_fields=update_fields, **kwargs)

    def _get_session_auth_hash(self, secret=None):
        """Like Django's, a hash of the password, but log_out_everywhere() changes it too."""
        value = f"{self.password}:{self.log_outs}"
        return salted_hmac("accounts.session", value, secret=secret, algorithm="sha256").hexdigest()

    def rename(self, by, first_name, last_name):
        """Change the name of this account. Returns the Rename, or None if nothing has changed (A8).

        Nothing changes if the account has this name already, or has been erased. Raises ValidationError if people
        change their own name too often, or teachers that of a student; operators may correct it as often as they like.
        That's counted while the row is locked, so presses at the same moment don't exceed the limit.
        """
        with transaction.atomic():
            signals.renaming.send(User, user=self)
            user = User.objects.not_erased().select_for_update(no_key=True).filter(pk=self.pk).first()
            if user is None or (user.first_name, user.last_name) == (first_name, last_name):
                return None
            if by.pk == user.pk or not by.is_operator:
                Rename.objects.refuse_too_many(user, by)
            old, user.first_name, user.last_name = user.full_name, first_name, last_name
            user.save(update_fields=["first_name", "last_name"])
            rename = Rename.objects.create(user=user, by=by, old=old, new=user.full_name)
            signals.renamed.send(User, rename=rename)
        return rename

    @retry_transaction
    def edit_profile(self, first_name, last_name, time_zone):
        """The person changes their own profile. The second time changes nothing."""
        with transaction.atomic():
            self.rename(self, first_name, last_name)
            User.objects.not_erased().filter(pk=self.pk).update(time_zone=time_zone)

    def note_log_in(self):
        User.objects.filter(pk=self.pk).update(last_login=timezone.now())

    def hide_first_steps(self):
        User.objects.filter(pk=self.pk).update(hides_first_steps=True)

    def logs_in_with(self, typed):
        typed = typed.strip().lower()
        return self.login_name in (typed, mailboxes.normalize(typed))

    def __str__(self):
        return f"{self.full_name} ({self.login_name})"

    @property
    def login_name(self):
        """What they log in with: a teacher's email address, a student's username."""
        return (self.is_teacher and self.email) or self.username

    @property
    def login_name_in_mail(self):
        """The same, or nothing if a mail program would make a link of the username.

        Students choose it, and may give somebody else's email address as theirs (T44).
        """
        is_link = self.login_name == self.username and reads_like_address(self.username)
        return "" if is_link else self.login_name

    @property
    def can_log_in(self):
        """False if the account is closed, or if a teacher still has to prove that the address is theirs (A2)."""
        is_asked = self.is_teacher and settings.ACCOUNT_EMAIL_VERIFICATION == "mandatory"
        return self.is_active and (not is_asked or self.emailaddress_set.filter(verified=True).exists())

    def check_password(self, raw_password):
        """Accepts a one-time password in capitals or with spaces, too. Like any password, it's hashed only once."""
        return super().check_password(
            normalize_one_time_password(raw_password) if self.one_time_until else raw_password
        )

    def replace_password(self, password):
        """Set the password and return True, unless another one was set since this account was read (T88)."""
        before = self.password
        self.set_password(password)
        return User.objects.filter(pk=self.pk, password=before).update(password=self.password) == 1

    def give_one_time_password(self, password=None):
        """Set a password that only lets its owner choose another one, and return it in clear text (T15).

        It's stored as a hash only. Without `password`, a random one is drawn. Ends every session of the account and
        drops a pending address. The caller must have checked that the person who asks may do this.
        """
        password = normalize_one_time_password(
            password or get_random_string(ONE_TIME_LENGTH, ONE_TIME_LETTERS)
        )
        self.set_password(password)
        # The account's row first, as if the person chose a new password at this moment: in another order, the two could
        # wait for each other.
        User.objects.filter(pk=self.pk).update(password=self.password, one_time_until=Now() + ONE_TIME_FOR)
        self.clear_failures()
        self.drop_pending_address()
        return password

    def one_time_password_of(self, form_key, by):
        """Return the one-time password of a form, and whether the form has just given it (J10).

        It's derived from the key of the form, so that a second press right away finds the same one. None if the form
        has no key, or was sent again much later and so is a new press: then a random one is drawn.
        """
        password = form_key and derive_one_time_password(f"{form_key} {by.pk} {self.pk}")
        if not password or self.was_just_given(password):
            return password, bool(password)
        return (None if self.check_password(password) else password), False

    def was_just_given(self, password):
        """Whether this is their one-time password, given within the last half minute."""
        is_recent = User.objects.filter(
            pk=self.pk, one_time_until__gt=Now() + ONE_TIME_FOR - SAME_FORM_WITHIN
        )
        return is_recent.exists() and self.check_password(password)

    def clear_one_time_password(self):
        """The person has chosen a password; the one-time password no longer applies."""
        self.clear_failures()
        User.objects.filter(pk=self.pk).exclude(one_time_until=None).update(one_time_until=None)

    def clear_failures(self):
        """Wrong guesses at the old password, or at the codes of the second step, no longer count."""
        LogInTry.objects.clear(self.username, self.email)
        limits.clear_code_failures(None, self)

    @property
    def one_time_is_over(self):
        """Whether the one-time password has expired, by the database's clock. No query if there is none."""
        if self.one_time_until is None:
            return False
        return not User.objects.filter(pk=self.pk, one_time_until__gt=Now()).exists()

    def drop_pending_address(self):
        """Delete a new address that isn't verified yet, so that the link in its mail no longer works (T53)."""
        self.emailaddress_set.filter(verified=False, primary=False).delete()

    @property
    def is_operator(self):
        """The same as UserQuerySet.operators(), for one account (T59)."""
        return self.is_staff or self.is_superuser

    @property
    def zone(self):
        return ZoneInfo(self.time_zone)


@compiled(User)
def account_with_username(username):
    return User.objects.filter(username=username)
