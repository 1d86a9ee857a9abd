"""The forms that set another password."""

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from django import forms
from django.core.exceptions import ValidationError

from accounts.forms.fields import FormKeyField, password_help_text
from accounts.models import User
from accounts.passwords import wrong_password


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
    """After a one-time password it has only one field: the person has just typed the old password at the log-in."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = "Your password now"
        self.fields["oldpassword"].help_text = ""
        if self.user.one_time_until:
            del self.fields["oldpassword"], self.fields["password2"]

    def clean_oldpassword(self):
        """A wrong one counts as at the log-in, so that somebody who finds an open session guesses no faster (T55).

        The press is one transaction, and doesn't see what others have counted that are still open. So presses at the
        same moment wait for each other here.
        """
        User.objects.hold_row(self.user)
        password = self.cleaned_data["oldpassword"]
        if not get_adapter().reauthenticate(self.user, password):
            raise wrong_password(get_adapter().validation_error("enter_current_password"), password)
        return password

    def clean(self):
        super().clean()
        if "oldpassword" in self.fields and "oldpassword" not in self.data:
            # The page of a one-time password, which has no such field, was open in a second tab.
            self.errors.clear()
            raise ValidationError(
                "You have chosen your own password already, so this one isn't saved. To change it, fill in all three "
                "fields.",
                code="chosen",
            )
        # Not from cleaned_data, where a password that was refused for another reason is missing.
        typed = self.data.get("password1", "")
        if self.user.one_time_until and self.user.check_password(typed):
            # The page shows one error for each field, and this one helps most.
            self.errors.pop("password1", None)
            self.add_error("password1", "This is your one-time password. Choose one of your own.")
        return self.cleaned_data


class NewPasswordByLinkForm(NewPasswordMixin, allauth.ResetPasswordKeyForm):
    pass


class LinkForm(allauth.UserTokenForm):
    """Checks the link in the mail. The one of a closed account doesn't work, also if it was opened before that."""

    def clean(self):
        super().clean()
        if not self.reset_user.is_active:
            raise get_adapter().validation_error("invalid_password_reset")


class GivePasswordForm(forms.Form):
    form_key = FormKeyField()
