"""Operators' pages of the second factor (T58, T59): those of allauth's that we need."""

from functools import wraps

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.recovery_codes.internal.flows import add_codes_generated_message
from allauth.mfa.totp import views as totp
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth.decorators import user_passes_test
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse

from accounts.admin_site import has_shown_second_factor, redirect_to_second_factor
from accounts.second_press import once


def _is_operator(user):
    """True also for a former operator with a second factor, who must be able to remove it.

    Raises PermissionDenied for anybody else who is logged in.
    """
    if not user.is_authenticated:
        return False
    if not (user.is_staff or is_mfa_enabled(user)):
        raise PermissionDenied
    return True


def _require_second_factor(view):
    """Once it's set up, a password alone must not show recovery codes or remove it: either opens the admin (T58)."""

    @wraps(view)
    def decorated(request, *args, **kwargs):
        if is_mfa_enabled(request.user) and not has_shown_second_factor(request):
            return redirect_to_second_factor(request, request.path)
        return view(request, *args, **kwargs)

    return decorated


class ActivateTOTPView(totp.ActivateTOTPView):
    """allauth's view leads from an older page to the one that removes the phone; this one goes to the overview."""

    def dispatch(self, request, *args, **kwargs):
        if is_mfa_enabled(request.user):
            messages.info(request, "Two-step verification is on already.")
            return redirect("mfa_index")
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form):
        try:
            response = super().form_valid(form)
        except IntegrityError:  # another press has set it up at the same moment
            return redirect("mfa_index")
        record_authentication(self.request, self.request.user, "mfa")  # the code has just been shown
        set_up = self.request.user.authenticator_set.get(type=Authenticator.Type.TOTP)
        set_up.wrap().validate_code(form.cleaned_data["code"])  # which notes that it's used (T98)
        # allauth adds this message after the commit, when a second press may have been answered already. Adding it
        # twice shows it once.
        get_adapter(self.request).add_message(
            self.request, messages.SUCCESS, "mfa/messages/totp_activated.txt"
        )
        add_codes_generated_message(self.request)
        return response


class ReplacesWhatItShowedMixin:
    """Mixin: a press on an older page replaces nothing that was set up in another tab since."""

    replaced = ""  # type of the Authenticator
    newer = ""  # what is said then

    def current(self):
        """Return the pk of what the press replaces, as the page sends it."""
        found = self.request.user.authenticator_set.filter(type=self.replaced)
        return str(found.values_list("pk", flat=True).first())

    def get_context_data(self, **context):
        return super().get_context_data(**context) | {"replaces": self.current()}

    def post(self, request, *args, **kwargs):
        current = self.current()
        if request.POST.get("replaces", current) == current:
            return super().post(request, *args, **kwargs)
        form = self.get_form()
        form.add_error(None, self.newer)
        return self.form_invalid(form)


class GenerateRecoveryCodesView(ReplacesWhatItShowedMixin, recovery_codes.GenerateRecoveryCodesView):
    replaced = Authenticator.Type.RECOVERY_CODES
    newer = "You have got new codes in another tab since this page was opened, and they work. Nothing has changed."

    def form_valid(self, form):
        response = super().form_valid(form)
        add_codes_generated_message(self.request)  # for the same reason as in ActivateTOTPView
        return response


class DeactivateTOTPView(ReplacesWhatItShowedMixin, totp.DeactivateTOTPView):
    """allauth's view answers 404 if there's no second factor to remove; this one goes to the overview."""

    replaced = Authenticator.Type.TOTP
    newer = (
        "You have set up another phone in another tab since this page was opened. Nothing has been removed."
    )

    def dispatch(self, request, *args, **kwargs):
        try:
            return super().dispatch(request, *args, **kwargs)
        except Http404:
            return redirect("mfa_index")


def _show_codes_again(request):
    """Show the recovery codes once more after a second press: maybe nobody saw the page after the first press."""
    for codes in request.user.authenticator_set.filter(type=Authenticator.Type.RECOVERY_CODES):
        codes.data.pop("viewed_at", None)
        codes.save(update_fields=["data"])


@wraps(base.authenticate)
def show_second_factor(request):
    """allauth redirects to the log-in page without a word if the log-in has ended, for example by a new password."""
    answer = base.authenticate(request)
    leads_to = answer.headers.get("Location", "").partition("?")[0]
    if leads_to == reverse("account_login") and not request.user.is_authenticated:
        messages.error(
            request, "This log-in has ended. Type your password again, and then a code from your phone."
        )
    return answer


def for_operators(view, before_repeat=None):
    return once(user_passes_test(_is_operator)(view), before_repeat)


def after_second_factor(view, before_repeat=None):
    return for_operators(_require_second_factor(view), before_repeat)


set_up = after_second_factor(ActivateTOTPView.as_view(), before_repeat=_show_codes_again)
remove = after_second_factor(DeactivateTOTPView.as_view())
new_codes = after_second_factor(GenerateRecoveryCodesView.as_view(), before_repeat=_show_codes_again)
