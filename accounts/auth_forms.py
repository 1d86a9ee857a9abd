"""allauth's forms for logging in, passwords and email addresses, with our labels and limits."""

from datetime import timedelta

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts import devices
from accounts.forms import password_help_text, set_label
from accounts.models import Notification
from accounts.models.user import normalize_one_time_password
from accounts.names import has_space
from accounts.sessions import may_stay_logged_in


class NewPasswordMixin:
    """Mixin for the forms that set another password: our labels and help texts."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields["password1"].label = "New password"
        if self.user:  # None if the link in the mail no longer works
            self.fields["password1"].help_text = password_help_text(self.user.kind)
        self.fields["password2"].label = "The new password again"


class ChangePasswordForm(NewPasswordMixin, allauth.ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        given = self.user.one_time_until
        self.fields["oldpassword"].label = "The password from your teacher" if given else "Your password now"
        self.fields["oldpassword"].help_text = ""

    def clean_oldpassword(self):
        """A wrong one counts as at the log-in, so that somebody who finds an open session guesses no faster (T55)."""
        password = self.cleaned_data["oldpassword"]
        if not get_account_adapter().reauthenticate(self.user, password):
            raise get_account_adapter().validation_error("enter_current_password")
        return password

    def clean(self):
        super().clean()
        # Not from cleaned_data, where a password that was refused for another reason is missing.
        typed, given = (
            normalize_one_time_password(self.data.get(name, "")) for name in ("password1", "oldpassword")
        )
        if self.user.one_time_until and typed and typed == given:
            self.add_error("password1", "This is the password from your teacher. Choose one of your own.")
        return self.cleaned_data


class NewPasswordByLinkForm(NewPasswordMixin, allauth.ResetPasswordKeyForm):
    pass


class OneTimePasswordForm(AdminPasswordChangeForm):
    """The admin's form for another person's password. Two people know it, so it's a one-time password (T15)."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("usable_password", None)  # to stop a person logging in, close the account

    def save(self, commit=True):
        self.user.give_one_time_password(self.cleaned_data["password1"])
        text = (
            "An administrator of this site has given you a one-time password. You were logged out everywhere."
        )
        link = reverse("accounts:profile")
        Notification.objects.notify([self.user], text=text, link=link, mail_after=timedelta())
        return self.user


class LogInForm(allauth.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "Username or e-mail"
        self.fields["login"].widget.attrs = {"autocomplete": "username", "autocapitalize": "none"}
        self.fields["password"].widget.attrs.pop("placeholder")
        self.fields["password"].help_text = ""
        self.fields["remember"].label = "Keep me logged in on this device"
        self.fields["remember"].help_text = "For teachers, for two weeks, on a device of their own."

    def clean_login(self):
        """No account has a space here, so we can say so without telling who has one (T54)."""
        login = super().clean_login()
        if has_space(login):
            raise ValidationError(
                "There's no space in a username or an email address. If you don't know your username, ask your "
                "teacher.",
                code="space",
            )
        return login

    def user_credentials(self):
        """Try an email address as such only: no username has an @.

        A second try would take a different time if the address has an account, and so reveal that it has one (T54).
        """
        credentials = super().user_credentials()
        if "email" in credentials:
            del credentials["username"]
        return credentials

    def clean(self):
        super().clean()
        if not self.errors and not may_stay_logged_in(self.user):
            self.cleaned_data["remember"] = False
        return self.cleaned_data


class SecondStepCodeMixin:
    """Mixin for the forms that ask for a code from the phone."""

    help_text = "Six digits from the app on your phone, or one of your recovery codes."

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "The code from your phone"
        self.fields["code"].help_text = self.help_text
        self.fields["code"].widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric"}


class LimitedCodesMixin(SecondStepCodeMixin):
    """Mixin: allows as many wrong codes in a row as wrong passwords, besides allauth's five in five minutes (T58)."""

    def clean_code(self):
        if not devices.may_try_code(context.request, self.user):
            devices.send_login_failed("too_many_codes")
            raise get_adapter().validation_error("too_many_codes")
        try:
            shown = super().clean_code()
        except ValidationError:
            devices.send_login_failed("wrong_code")
            raise
        devices.clear_code_failures(context.request, self.user)
        return shown


class SecondStepForm(LimitedCodesMixin, AuthenticateForm):
    pass


class SecondStepAgainForm(LimitedCodesMixin, ReauthenticateForm):
    pass


class SetUpSecondStepForm(SecondStepCodeMixin, ActivateTOTPForm):
    help_text = "Six digits that the app shows now."


class OwnLabelsMixin:
    """Mixin for allauth's forms with one field: our label, and no placeholder or help text."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            set_label(field, {"email": "E-mail", "password": "Password"}[name])
            field.help_text = ""


class AddEmailForm(OwnLabelsMixin, allauth.AddEmailForm):
    pass


class ForgottenPasswordForm(OwnLabelsMixin, allauth.ResetPasswordForm):
    def clean_email(self):
        email = super().clean_email()
        if not devices.may_ask_for_mail(context.request, email):
            raise get_account_adapter().validation_error("too_many_mails")
        return email


class ConfirmPasswordForm(OwnLabelsMixin, allauth.ReauthenticateForm):
    pass
