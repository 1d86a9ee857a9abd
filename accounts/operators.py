"""Operators show a second factor before the admin opens (T58, T59). Its pages are allauth's, those that are needed."""

from functools import wraps

from allauth.account.adapter import get_adapter
from allauth.account.decorators import secure_admin_login
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.recovery_codes.internal.flows import add_codes_generated_message
from allauth.mfa.totp import views as totp
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import user_passes_test
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse

from accounts.second_press import nothing, once


def has_shown_second_factor(request):
    """In this very session: one from before it was set up, or a stolen one, has not."""
    shown = any(step["method"] == "mfa" for step in get_authentication_records(request, request.user))
    return shown and is_mfa_enabled(request.user)


def _to_second_factor(request, next_page):
    """To the page where it is shown or, if there is none yet, set up; `next_page` comes after it."""
    page = "mfa_reauthenticate" if is_mfa_enabled(request.user) else "mfa_activate_totp"
    return redirect_to_login(next_page, page)


class OperatorsSite(AdminSite):
    site_header = site_title = "Homeroom"

    def has_permission(self, request):
        return super().has_permission(request) and has_shown_second_factor(request)

    def login(self, request, extra_context=None):
        """One log-in for everybody: the admin's own form has no rate limit (T58)."""
        return secure_admin_login(self._second_factor)(request)

    def password_change(self, request, extra_context=None):
        """One page for everybody: it tells by mail, and ends what somebody else has begun (T53)."""
        return redirect("account_change_password")

    def _second_factor(self, request):
        return _to_second_factor(request, request.GET.get("next") or reverse("admin:index"))


def _is_operator(user):
    """Also who was one: a second factor that is set up must be there to be taken away."""
    if not user.is_authenticated:
        return False
    if not (user.is_staff or is_mfa_enabled(user)):
        raise PermissionDenied
    return True


def _second_factor_first(view):
    """Once it is set up, a password shows no recovery code and takes nothing away: that would open the admin (T58)."""

    @wraps(view)
    def shown(request, *args, **kwargs):
        if is_mfa_enabled(request.user) and not has_shown_second_factor(request):
            return _to_second_factor(request, request.path)
        return view(request, *args, **kwargs)

    return shown


class ActivateTOTP(totp.ActivateTOTPView):
    def form_valid(self, form):
        try:
            answer = super().form_valid(form)
        except IntegrityError:  # two pages set it up in the same moment: it's set up
            return redirect("mfa_index")
        record_authentication(self.request, self.request.user, "mfa")  # the code has just been shown
        # allauth says it after the commit, when a second press may have been answered. What is said twice is said once.
        get_adapter(self.request).add_message(
            self.request, messages.SUCCESS, "mfa/messages/totp_activated.txt"
        )
        add_codes_generated_message(self.request)
        return answer


class GenerateRecoveryCodes(recovery_codes.GenerateRecoveryCodesView):
    def form_valid(self, form):
        answer = super().form_valid(form)
        add_codes_generated_message(self.request)  # as above
        return answer


class DeactivateTOTP(totp.DeactivateTOTPView):
    """allauth's, which answers 404 where nothing is left to take away."""

    def dispatch(self, request, *args, **kwargs):
        try:
            return super().dispatch(request, *args, **kwargs)
        except Http404:
            return redirect("mfa_index")


def _show_codes_again(request):
    """Nobody may have seen the page of recovery codes to which the first of two presses led."""
    for codes in request.user.authenticator_set.filter(type=Authenticator.Type.RECOVERY_CODES):
        codes.data.pop("viewed_at", None)
        codes.save(update_fields=["data"])


def _for_operators(route, view, name, again=nothing):
    view = once(user_passes_test(_is_operator)(view), again)
    return path(f"accounts/second-step/{route}", view, name=name)


def _for_themselves(route, view, name, again=nothing):
    return _for_operators(route, _second_factor_first(view), name, again)


urlpatterns = [
    path("accounts/second-step/log-in/", once(base.authenticate), name="mfa_authenticate"),
    _for_themselves("", base.index, "mfa_index"),
    _for_operators("again/", base.reauthenticate, "mfa_reauthenticate"),
    _for_themselves("set-up/", ActivateTOTP.as_view(), "mfa_activate_totp", again=_show_codes_again),
    _for_themselves("remove/", DeactivateTOTP.as_view(), "mfa_deactivate_totp"),
    _for_themselves("codes/", recovery_codes.view_recovery_codes, "mfa_view_recovery_codes"),
    _for_themselves(
        "codes/new/",
        GenerateRecoveryCodes.as_view(),
        "mfa_generate_recovery_codes",
        again=_show_codes_again,
    ),
]
