"""The site of the admin. Operators need a second factor for it (T58, T59)."""

from allauth.account.decorators import secure_admin_login
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect
from django.urls import reverse

from accounts.models import Digest, Letter


def has_shown_second_factor(request):
    """Whether it was shown in this session; a session that began before it was set up doesn't count."""
    has_shown = any(step["method"] == "mfa" for step in get_authentication_records(request, request.user))
    return has_shown and is_mfa_enabled(request.user)


def redirect_to_second_factor(request, next_page):
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
        return redirect_to_second_factor(request, next_page)
