"""Not in accounts/adapter.py, because allauth loads that before its stages can be imported."""

from allauth.account.app_settings import EmailVerificationMethod
from allauth.account.stages import EmailVerificationStage

from accounts import mailed_code


class EmailVerification(EmailVerificationStage):
    """Students are logged in straight away. Those who gave an address get a mail to verify it later (A4)."""

    def handle(self):
        mandatory = self.login.email_verification == EmailVerificationMethod.MANDATORY
        if mandatory and self.login.user and not self.login.user.is_teacher:
            self.login.email_verification = EmailVerificationMethod.OPTIONAL
        earlier = mailed_code.waiting_for(self.request.session)
        result = super().handle()
        mailed_code.keep_earlier_code(self.request.session, earlier)
        return result
