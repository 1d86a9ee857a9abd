"""Show a form again, as it was typed, if its page has closed to the person since they opened it (J11; ADR 25).

The log-in has ended or changed, the class is gone, or their right to do this.

The form is in the answer to the press and is stored nowhere else. Nothing is done until the person presses again,
next to the name of the account that is logged in by then.
"""

from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache


class GoneMeanwhile(Http404):
    """The person that a form is about has gone since its page was opened. The text is a sentence that says so."""


def opened_by(user):
    """Return what the page of a form about somebody's own account says of them; nobody else can find it out."""
    return salted_hmac("accounts.opened_by", str(user.pk), algorithm="sha256").hexdigest()


def offered_again(form_class, is_of_account=False, button=""):
    """Decorate a view so that its form comes back. Anybody can see what `form_class` shows, logged in or not.

    With `is_of_account`, the form changes the account of the person who presses. If somebody else is logged in by then,
    it doesn't come back: they would read it, and their press would change their own account (T53). With `button`, it
    only comes back if the button of this name was pressed.
    """

    def decorate(view):
        @wraps(view)
        def decorated(request, *args, **kwargs):
            try:
                return view(request, *args, **kwargs)
            except (Http404, PermissionDenied) as closed:
                answer = offer_again(request, closed=closed) if request.method == "POST" else None
                if answer is None:
                    raise
                return answer

        def offer_again(request, closed=None):
            """Return the page with the form, or None if it doesn't come back."""
            sender = request.POST.get("opened_by", "")
            if button and button not in request.POST:
                return None
            has_user = is_of_account and request.user.is_authenticated
            if has_user and not constant_time_compare(sender, opened_by(request.user)):
                return None
            needs_log_in = getattr(view, "login_required", True)  # as in LoginRequiredMiddleware
            form = form_class(initial=_without_passwords(request))
            for field in form.fields.values():
                field.show_hidden_initial = False  # it would say that the page has shown what was typed
            status = 404 if isinstance(closed, Http404) else 403
            context = {
                "form": form,
                "needs_log_in": needs_log_in,
                "closed": closed and status,
                "opened_by": sender if is_of_account else "",
                "button": button,
                "gone": str(closed) if isinstance(closed, GoneMeanwhile) else "",
            }
            return render(request, "accounts/offered_again.html", context, status=status)

        decorated.offer_again = offer_again
        return decorated

    return decorate


class OfferedAgainMixin:
    """Mixin for allauth's pages for people who are logged out: the page itself shows the form again."""

    @method_decorator(login_not_required)
    @method_decorator(never_cache)
    def dispatch(self, request, *args, **kwargs):
        """allauth redirects people who are logged in, and what they typed here would be lost (J11)."""
        if request.method == "POST" and request.user.is_authenticated:
            return self.offer_again()
        return super().dispatch(request, *args, **kwargs)

    def offer_again(self):
        """Show the form again, unless its first press has logged this person in: then go to the home page."""
        user = self.request.user
        if user.is_authenticated and self.was_sent_by(user):
            return HttpResponseRedirect(settings.LOGIN_REDIRECT_URL, status=303)
        if user.is_authenticated:
            reason = f"{user.full_name} is logged in here now. In another tab, log out, then come back to this one."
        elif settings.CSRF_COOKIE_NAME in self.request.COOKIES:
            reason = "Somebody logged in or out in another tab while you were typing."
        else:
            reason = "This page has expired, or this browser keeps no cookies. Homeroom needs them."
        messages.error(self.request, f"{reason} Nothing has been saved. Type your password and press again.")
        kwargs = self.get_form_kwargs()
        del kwargs["data"], kwargs["files"]
        form = self.get_form_class()(**kwargs | {"initial": _without_passwords(self.request)})
        return self.render_to_response(self.get_context_data(form=form), status=403)


def _without_passwords(request):
    """Return what was typed, without passwords: the page stays open, and somebody else may come by."""
    return {name: value for name, value in request.POST.items() if not name.startswith("password")}
