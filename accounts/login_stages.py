"""Not in accounts/adapter.py, because allauth loads that before its stages can be imported."""

from allauth.account.app_settings import EmailVerificationMethod
from allauth.account.stages import EmailVerificationStage

from accounts import mailed_code


class EmailVerification(EmailVerificationStage):
    """Students are logged in straight away. Those who gave an address get a mail to verify it later (A4)."""

    def handle(self):
        login, methods = self.login, EmailVerificationMethod
        if login.email_verification == methods.MANDATORY and login.user and not login.user.is_teacher:
            login.email_verification = methods.OPTIONAL
        if login.email_verification == methods.OPTIONAL and not (login.signup and login.user.email):
            return None, True  # there is no mail to send; allauth would ask the database first
        earlier = mailed_code.waiting_for(self.request.session)
        result = super().handle()
        mailed_code.keep_earlier_code(self.request.session, earlier)
        return result
