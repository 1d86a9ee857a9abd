"""The forms that ask for a code from the phone (T58, T59)."""

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.core.exceptions import ValidationError

from accounts import limits, signals
from accounts.forms.fields import PastedCodeMixin


class SecondStepCodeMixin(PastedCodeMixin):
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
        if not limits.may_try_code(context.request, self.user):
            signals.send_login_failed("too_many_codes")
            raise get_adapter().validation_error("too_many_codes")
        try:
            code = super().clean_code()
        except ValidationError:
            signals.send_login_failed("wrong_code")
            raise
        limits.clear_code_failures(context.request, self.user)
        return code


class SecondStepForm(LimitedCodesMixin, AuthenticateForm):
    pass


class SecondStepAgainForm(LimitedCodesMixin, ReauthenticateForm):
    pass


class SetUpSecondStepForm(SecondStepCodeMixin, ActivateTOTPForm):
    help_text = "Six digits that the app shows now."

    def __init__(self, *args, **kwargs):
        """allauth draws another key each time the page is opened. The one that a phone has scanned would be lost."""
        session = context.request.session
        shown = session.get(SECRET_SESSION_KEY)
        super().__init__(*args, **kwargs)
        if shown:
            self.secret = session[SECRET_SESSION_KEY] = shown
