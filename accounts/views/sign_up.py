from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.email_verification import send_verification_email_to_address
from allauth.account.models import EmailAddress
from allauth.account.utils import perform_login
from allauth.account.views import SignupView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from accounts.forms.sign_up import TeacherSignupForm
from accounts.models import User
from accounts.offered_again import OfferedAgainMixin
from accounts.views.mixins import WinsOverWaitingMixin


@login_not_required
@require_safe
def sign_up(request):
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    return TemplateResponse(request, "accounts/sign_up.html")


class SignUpView(OfferedAgainMixin, WinsOverWaitingMixin, SignupView):
    """allauth's view, for a form that may be pressed twice, and whose try_save() may still raise ValidationError."""

    # Whether this press has tried the password: once only, because each try is counted.
    has_tried_password = False

    def get_context_data(self, **context):
        notice = {"notice": settings.PRIVACY_NOTICE_URL, "consent_basis": settings.CONSENT_BASIS}
        return super().get_context_data(**context) | notice

    def post(self, request, *args, **kwargs):
        return self.log_in_if_created() or super().post(request, *args, **kwargs)

    def form_valid(self, form):
        if form.account_already_exists and (answer := self.log_in_if_created()):
            return answer
        try:
            response = super().form_valid(form)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self.form_invalid(form)
        if form.unproved_address and self.request.user.is_authenticated:
            # As on the page that changes an address: it looks the same whether another account has it or not (T54).
            address = EmailAddress(user=self.user, email=form.unproved_address)
            send_verification_email_to_address(self.request, address)
        return response

    def form_invalid(self, form):
        """If the username is taken by another press of this same form, at the same moment, answer like that press."""
        return self.log_in_if_created() or super().form_invalid(form)

    def was_sent_by(self, user):
        return user == User.objects.created_by(self.request.POST.get("form_key"))

    def log_in_if_created(self):
        """Answer a second press of a form that has created an account: log the person in to it (A9).

        Returns None if the form has created no account, or if the username or password is another one. The first press
        has ended the session that both were sent with, so the password proves who this is. It's counted as on the
        log-in page.
        """
        typed = self.request.POST
        user = User.objects.created_by(typed.get("form_key"))
        if (
            self.has_tried_password
            or not user
            or not user.logs_in_with(typed.get("email" if user.is_teacher else "username", ""))
        ):
            return None
        self.has_tried_password = True
        login = {"email": user.email} if user.is_teacher else {"username": user.username}
        try:
            if get_adapter().authenticate(self.request, **login, password=typed.get("password1", "")) != user:
                return None
        except ValidationError:  # too many wrong passwords
            return None
        self.request.is_second_press = True
        self._add_message_about_mail(user)
        return perform_login(self.request, user, redirect_url=self.get_success_url())

    def _add_message_about_mail(self, user):
        """Add the message about the mail, as the first press did. With a mail server the next page says it anyway."""
        address = user.emailaddress_set.filter(verified=False).first()
        if address and settings.ACCOUNT_EMAIL_VERIFICATION != "mandatory":
            template = "account/messages/email_confirmation_sent.txt"
            context = {"email": address.email, "signup": True}
            get_adapter().add_message(self.request, messages.INFO, template, context)


class SignUpTeacherView(SignUpView):
    form_class = TeacherSignupForm
    template_name = "accounts/sign_up_teacher.html"
