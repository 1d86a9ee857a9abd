import time
from datetime import timedelta

from allauth.account import app_settings
from allauth.account.internal.flows.email_verification_by_code import EmailVerificationProcess
from allauth.account.models import EmailAddress
from allauth.account.utils import passthrough_next_redirect_url
from allauth.account.views import ConfirmEmailView, email_verification_sent
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from accounts import mailed_code
from accounts.models import User
from accounts.second_press import session_key_sent
from accounts.sessions import save_now
from accounts.views.mixins import LogsOutByPressMixin

SIGN_UP_UNKNOWN = "This browser doesn't know your sign-up any more."


@login_not_required
def confirm_address(request):
    """If no code works here any more, allauth redirects to the log-in page, or to the page with the address."""
    waiting, is_post = mailed_code.waiting_for(request.session), request.method == "POST"
    is_closed = "user_id" in waiting and not _is_active(waiting["user_id"], for_update=is_post)
    if is_post:  # allauth counts wrong codes in the session, and would count those of one moment as one (T55)
        request.session.hold()
        waiting = mailed_code.waiting_for(request.session)
    if is_closed:
        # Closed or erased meanwhile. From the right code, allauth would give an erased account its address back (T93).
        if process := EmailVerificationProcess.resume(request):
            process.abort()
        waiting = {}
    response = email_verification_sent(request)
    mailed_code.keep_earlier_code(request.session, waiting)
    if is_post and request.session.modified and request.session.session_key == session_key_sent(request):
        save_now(request.session)
        request.session.modified = False  # later, it would be written over what the next press counts
    is_redirect = response.status_code == 302
    if is_redirect and response["Location"] in {reverse("account_login"), reverse("account_email")}:
        return _explain_redirect(request, waiting, response)
    return response


def _explain_redirect(request, waiting, response):
    """Say why no code works any more, and what to do on the page that allauth's `response` leads to."""
    if request.user.is_authenticated and (not waiting or _is_confirmed(waiting)):
        return response
    list(messages.get_messages(request))  # after wrong codes, allauth's says to wait, which isn't necessary
    if request.user.is_authenticated:
        again = "Your address is still the old one. Type the new one again, and we'll send you a new code."
        messages.error(request, f"{_why_no_code_works(waiting)} {again}")
        return redirect("account_email")
    if _is_confirmed(waiting):
        messages.success(
            request, "Your email address is confirmed already. Log in with it and your password."
        )
    else:
        again = "Log in with your email and password, and we'll send you a new code."
        messages.error(request, f"{_why_no_code_works(waiting)} {again}")
    log_in = passthrough_next_redirect_url(request, response["Location"], REDIRECT_FIELD_NAME)
    return HttpResponseRedirect(log_in)


def _is_active(user_id, for_update):
    """Whether the account is neither closed nor erased. `for_update` locks its row, so that nobody erases it now."""
    users = User.objects.active()
    return users.hold_row(User(pk=user_id)) if for_update else users.filter(pk=user_id).exists()


def _is_confirmed(waiting):
    """Whether the address of this sign-up has been confirmed meanwhile, in another browser."""
    addresses = EmailAddress.objects.filter(user=waiting.get("user_id"), email=waiting.get("email"))
    return addresses.filter(verified=True).exists()


def _why_no_code_works(waiting):
    if not waiting:
        return SIGN_UP_UNKNOWN
    if time.time() - waiting["at"] > settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT:
        return "The code in the email is too old, because it works for one day."
    return "Too many wrong codes."


class ConfirmAddressByLinkView(LogsOutByPressMixin, ConfirmEmailView):
    """allauth treats a used link as one that's too old, and answers 404 to its button; this view says it was used."""

    def get_context_data(self, **context):
        return super().get_context_data(**context) | {"is_done": not self.object and self._is_confirmed()}

    def _is_confirmed(self):
        """Whether this link's address has been confirmed already, which allauth doesn't say."""
        longest = timedelta(days=app_settings.EMAIL_CONFIRMATION_EXPIRE_DAYS)
        try:
            pk = signing.loads(self.kwargs["key"], max_age=longest, salt=app_settings.SALT)
        except signing.BadSignature:
            return False
        return EmailAddress.objects.filter(pk=pk, verified=True).exists()

    def post(self, request, key):
        try:
            return super().post(request, key)
        except Http404:
            return self.get(request, key)  # says that the link has been used
