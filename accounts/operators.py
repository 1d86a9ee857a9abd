"""Operators need a second factor for the admin (T58, T59). Its pages are those of allauth's that we need."""

from functools import wraps

from allauth.account.adapter import get_adapter
from allauth.account.decorators import secure_admin_login
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.utils import get_next_redirect_url
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

from accounts.models import Digest, Letter
from accounts.second_press import once


def has_shown_second_factor(request):
    """Whether it was shown in this session; a session that began before it was set up doesn't count."""
    has_shown = any(step["method"] == "mfa" for step in get_authentication_records(request, request.user))
    return has_shown and is_mfa_enabled(request.user)


def _redirect_to_second_factor(request, next_page):
    """Redirect to the page that asks for it or, if there's none yet, sets it up. `next_page` comes afterwards."""
    page = "mfa_reauthenticate" if is_mfa_enabled(request.user) else "mfa_activate_totp"
    return redirect_to_login(next_page, page)


class OperatorsSite(AdminSite):
    site_header = site_title = "Homeroom"
    index_title = "Administration"
    site_url = "/"
    enable_nav_sidebar = False  # the first page has all lists, and the tables need the width

    def has_permission(self, request):
        return super().has_permission(request) and has_shown_second_factor(request)

    def get_app_list(self, request, app_label=None):
        """Without allauth's own heading "Accounts". Each list has its sentence; the order is that of their classes."""
        app_list = super().get_app_list(request, app_label)
        by_label = {app["app_label"]: app for app in app_list}
        if app_label is None and "accounts" in by_label and (theirs := by_label.get("account")):
            by_label["accounts"]["models"] += theirs["models"]
            app_list.remove(theirs)
        order = list(self._registry)
        for app in app_list:
            app["models"].sort(key=lambda model: order.index(model["model"]))
            for model in app["models"]:
                model["about"] = self._registry[model["model"]].about
        return app_list

    def app_index(self, request, app_label, extra_context=None):
        """The first page has all lists, so those of one app need no page of their own."""
        return redirect("admin:index")

    def index(self, request, extra_context=None):
        """The first page says what waits for an operator: mails that nobody got, beside classes without a manager."""
        given_up = {model: model.objects.given_up().count() for model in (Digest, Letter)}
        context = {"digests_given_up": given_up[Digest], "letters_given_up": given_up[Letter]}
        return super().index(request, {**context, **(extra_context or {})})

    def login(self, request, extra_context=None):
        """Operators log in on the same page as everybody: the admin's own form has no rate limit (T58)."""
        return secure_admin_login(self._ask_for_second_factor)(request)

    def password_change(self, request, extra_context=None):
        """Operators use the same page as everybody: it sends a mail, and cancels a pending change of address (T53)."""
        return redirect("account_change_password")

    def _ask_for_second_factor(self, request):
        """Not of somebody who has just shown it: logging in leads here as well, and a code works only once."""
        next_page = get_next_redirect_url(request) or reverse("admin:index")
        if has_shown_second_factor(request):
            return redirect(next_page)
        return _redirect_to_second_factor(request, next_page)


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
            return _redirect_to_second_factor(request, request.path)
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


def _operator_path(route, view, name, before_repeat=None):
    view = once(user_passes_test(_is_operator)(view), before_repeat)
    return path(f"accounts/second-step/{route}", view, name=name)


def _second_factor_path(route, view, name, before_repeat=None):
    return _operator_path(route, _require_second_factor(view), name, before_repeat)


@wraps(base.authenticate)
def _show_second_factor(request):
    """allauth redirects to the log-in page without a word if the log-in has ended, for example by a new password."""
    answer = base.authenticate(request)
    leads_to = answer.headers.get("Location", "").partition("?")[0]
    if leads_to == reverse("account_login") and not request.user.is_authenticated:
        messages.error(
            request, "This log-in has ended. Type your password again, and then a code from your phone."
        )
    return answer


urlpatterns = [
    path(
        "accounts/second-step/log-in/",
        once(_show_second_factor, shows_in_session=True),
        name="mfa_authenticate",
    ),
    _second_factor_path("", base.index, "mfa_index"),
    _operator_path("again/", base.reauthenticate, "mfa_reauthenticate"),
    _second_factor_path(
        "set-up/", ActivateTOTPView.as_view(), "mfa_activate_totp", before_repeat=_show_codes_again
    ),
    _second_factor_path("remove/", DeactivateTOTPView.as_view(), "mfa_deactivate_totp"),
    _second_factor_path("codes/", recovery_codes.view_recovery_codes, "mfa_view_recovery_codes"),
    _second_factor_path(
        "codes/new/",
        GenerateRecoveryCodesView.as_view(),
        "mfa_generate_recovery_codes",
        before_repeat=_show_codes_again,
    ),
]
