"""Logging in, typing the password again, and asking for a link to choose a new one."""

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from allauth.core import context
from django.core.exceptions import ValidationError

from accounts import limits, mailboxes
from accounts.forms.fields import OwnLabelsMixin
from accounts.models import User
from accounts.names import drop_invisible, has_space
from accounts.passwords import wrong_password
from accounts.sessions import may_stay_logged_in

# allauth's codes of a wrong password.
WRONG = {"username_password_mismatch", "email_password_mismatch", "incorrect_password"}


def drop_last_dots(login):
    """Drop the dot that phones add. Usernames of new accounts don't end with one, but those of old ones may."""
    if login.endswith(".") and not User.objects.filter(username=login.lower()).exists():
        return login.rstrip(".")
    return login


class LogInForm(allauth.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "Username or email"
        self.fields["login"].widget.attrs = {"autocomplete": "username"}
        self.fields["password"].widget.attrs.pop("placeholder")
        self.fields["password"].help_text = ""
        self.fields["remember"].label = "Keep me logged in on this device"
        self.fields["remember"].help_text = "For teachers, for two weeks, on a device of their own."

    def clean_login(self):
        """No account has a space here, so we can say so without telling who has one (T54)."""
        login = drop_invisible(super().clean_login())
        if has_space(login):
            raise ValidationError(
                "There's no space in a username or an email address. If you don't know your username, ask your "
                "teacher.",
                code="space",
            )
        if "@" not in login and not login.isascii():
            raise ValidationError(
                "A username has only English letters, without accents. Check your keyboard. If you don't know your "
                "username, ask your teacher.",
                code="letters",
            )
        return drop_last_dots(login)

    def user_credentials(self):
        """Try an email address as such only: no username has an @.

        A second try would take a different time if the address has an account, and so reveal that it has one (T54).
        """
        credentials = super().user_credentials()
        if "email" in credentials:
            del credentials["username"]
            credentials["email"] = mailboxes.normalize(credentials["email"]) or credentials["email"]
        return credentials

    def clean(self):
        try:
            super().clean()
        except ValidationError as refusal:
            is_wrong = refusal.code in WRONG
            raise wrong_password(refusal, self.cleaned_data["password"]) if is_wrong else refusal from None
        if not self.errors and not may_stay_logged_in(self.user):
            self.cleaned_data["remember"] = False
        return self.cleaned_data


class ForgottenPasswordForm(OwnLabelsMixin, allauth.ResetPasswordForm):
    def clean_email(self):
        email = super().clean_email()
        if not limits.may_ask_for_mail(context.request, email):
            raise get_adapter().validation_error("too_many_mails")
        return email


class ConfirmPasswordForm(OwnLabelsMixin, allauth.ReauthenticateForm):
    def clean_password(self):
        try:
            return super().clean_password()
        except ValidationError as refusal:
            is_wrong = refusal.code in WRONG
            raise wrong_password(refusal, self.cleaned_data["password"]) if is_wrong else refusal from None
