"""The sign-up of teachers, and what that of students shares with it, as subclasses of allauth's form."""

from copy import copy

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from allauth.account.fields import PasswordField
from allauth.account.utils import setup_user_email
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.crypto import get_random_string

from accounts import taken_usernames
from accounts.forms.fields import FormKeyField, NamesForm, password_help_text, set_label
from accounts.models import User
from accounts.models.user import known_time_zones, school_time_zone
from accounts.transactions import retry_transaction

TEACHERS = "teachers"  # their sign-up has no Code whose teacher could be counted; see taken_usernames


def may_say_address_taken():
    """With a mail server, only the owner of an address learns, by mail, that it has an account (T54)."""
    return settings.ACCOUNT_EMAIL_VERIFICATION != "mandatory"


class NewAccountForm(NamesForm, allauth.SignupForm):
    """The sign-up of teachers and students. Subclasses set `kind`, and `asked_for`: {field: is it required}."""

    # static/js/fill_time_zone.js fills this in.
    time_zone = forms.CharField(required=False, widget=forms.HiddenInput)
    form_key = FormKeyField()
    # With a mail server, a student's. It isn't stored before they type the code from its mail.
    unproved_address = ""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password1"] = PasswordField(
            label="Password",
            autocomplete="new-password",
            help_text=password_help_text(self.kind),
            render_value=True,  # kept if another field is wrong; no cache stores the page (T65)
        )
        set_label(self.fields["email"], "Email")
        for field in self.fields.values():
            for attribute in ("placeholder", "maxlength"):
                field.widget.attrs.pop(attribute, None)
        self.order_fields(self.field_order)

    def _get_signup_fields(self, kwargs):
        return {name: {"required": required} for name, required in self.asked_for.items()}

    def clean(self):
        # Skips SignupForm.clean(), which would check the password against a person without kind and names.
        super(allauth.SignupForm, self).clean()
        if "password1" in self.cleaned_data:
            self.check_password()
        return self.cleaned_data

    def clean_time_zone(self):
        """Use the school's time zone if the browser sent none, or one that we don't know."""
        zone = self.cleaned_data["time_zone"]
        return zone if zone in known_time_zones() else school_time_zone()

    def check_password(self):
        fields = ["first_name", "last_name", "username", "email"]
        person = User(kind=self.kind, **{name: self.cleaned_data.get(name, "") for name in fields})
        try:
            validate_password(self.cleaned_data["password1"], person)
        except ValidationError as refusal:
            self.add_error("password1", refusal)

    def has_created_account(self):
        key = self.cleaned_data["form_key"]
        return key is not None and User.objects.filter(form_key=key).exists()

    @retry_transaction
    def try_save(self, request):
        """Create the account and all that custom_signup() adds to it, or nothing (T85).

        Raises ValidationError if somebody else took the username or the address meanwhile, or if custom_signup() does.
        """
        while True:
            try:
                with transaction.atomic():
                    return super().try_save(request)
            except IntegrityError:
                self.check_still_free()
                if not self.has_created_account():
                    raise  # neither username, address nor key is taken, so this is another fault
                # This form has created another account, with another username and address.
                self.cleaned_data["form_key"] = None

    def save(self, request):
        """Do what allauth's does. It asks for the addresses of the new account even if none was typed."""
        adapter = get_adapter()
        user = adapter.save_user(request, adapter.new_user(request), self)
        self.custom_signup(request, user)
        if user.email:
            setup_user_email(request, user, [])
        return user

    def check_still_free(self):
        """Raises ValidationError, shown at the field, if another account has this username or address (T85, T99)."""
        with_same = {
            "username": User.objects.filter(username=self.cleaned_data.get("username")),
            "email": User.objects.filter(email=self.cleaned_data["email"]).exclude(email=""),
        }
        errors = {
            field: get_adapter().validation_error(f"{field}_taken")
            for field, users in with_same.items()
            if users.exists()
        }
        if errors:
            raise ValidationError(errors)


class TeacherSignupForm(NewAccountForm):
    kind = User.Kind.TEACHER
    asked_for = {"email": True, "password1": True}
    field_order = ["first_name", "last_name", "email", "password1"]

    def validate_unique_email(self, value):
        User.objects.release_address(value)
        return value if may_say_address_taken() else super().validate_unique_email(value)

    def clean(self):
        """Say all that is wrong in one round, but not often that an address is taken, too.

        A form with another error creates no account, so it could ask for many addresses unseen (T54).
        """
        super().clean()
        email = self.cleaned_data.get("email")
        if email and may_say_address_taken() and (not self.errors or taken_usernames.may_say_early(TEACHERS)):
            try:
                super().validate_unique_email(email)
            except ValidationError as taken:
                self.add_error("email", taken)
        return self.cleaned_data

    def try_save(self, request):
        if self.account_already_exists:
            self._save_in_vain(request)
            return self._tell_owner(request)
        try:
            return super().try_save(request)
        except ValidationError as refusal:
            if may_say_address_taken() or "email" not in getattr(refusal, "error_dict", {}):
                raise
            self.account_already_exists = True
            return self._tell_owner(request)

    def _tell_owner(self, request):
        """Mail the owner of the address, without a transaction around it: a new account's mail has none either.

        A transaction waits for the disk once, and without one each write does, so the time would tell (T54).
        """
        return allauth.SignupForm.try_save(self, request)

    def _save_in_vain(self, request):
        """Create an account with an address that nobody has, and undo that.

        So it takes as long as if the address had no account: the time doesn't tell (T54).
        """
        form, nobodys = copy(self), f"{get_random_string(20).lower()}@{settings.SITE.hostname}"
        form.account_already_exists = False
        form.cleaned_data = self.cleaned_data | {"email": nobodys, "form_key": None}
        with transaction.atomic():
            form.try_save(request)
            transaction.set_rollback(True)
