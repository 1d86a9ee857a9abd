"""The form for the code that was mailed to confirm an email address (A2)."""

from allauth.account.forms import ConfirmEmailVerificationCodeForm

from accounts.forms.fields import PastedCodeMixin


class MailedCodeForm(PastedCodeMixin, ConfirmEmailVerificationCodeForm):
    pass
