"""A form whose log-in has ended or changed since its page was opened comes back as it was typed (J11; ADR 25).

It comes back in the answer to the press and is kept nowhere else. It does nothing before it is pressed once more,
beside the name of the person who is logged in by then.
"""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache


def offered_again(form_class):
    """Let the form of a view come back. What `form_class` shows is shown to whoever pressed, logged in or not."""

    def decorate(view):
        def offer_again(request):
            needs_log_in = getattr(view, "login_required", True)  # as Django's own middleware asks
            context = {"form": form_class(initial=_typed(request)), "needs_log_in": needs_log_in}
            return render(request, "accounts/offered_again.html", context, status=403)

        view.offer_again = offer_again
        return view

    return decorate


class OfferedAgain:
    """For a page of allauth's that is for people who are logged out: the page itself comes back."""

    @method_decorator(login_not_required)
    @method_decorator(never_cache)
    def dispatch(self, request, *args, **kwargs):
        """allauth leads who is logged in to another page, and what was typed here would be lost on the way (J11)."""
        if request.method == "POST" and request.user.is_authenticated:
            return self.offer_again()
        return super().dispatch(request, *args, **kwargs)

    def offer_again(self):
        """Who is logged in by the first press of this very form is taken to where it led."""
        user = self.request.user
        if user.is_authenticated and self.was_pressed_by(user):
            return HttpResponseRedirect(settings.LOGIN_REDIRECT_URL, status=303)
        if user.is_authenticated:
            told = f"{user.full_name} is logged in here now. In another tab, log out, then come back to this one."
        elif settings.CSRF_COOKIE_NAME in self.request.COOKIES:
            told = "Somebody logged in or out in another tab while you were typing."
        else:
            told = "This page has expired, or this browser keeps no cookies. Homeroom needs them."
        messages.error(self.request, f"{told} Nothing has been saved. Type your password and press again.")
        kwargs = self.get_form_kwargs()
        del kwargs["data"], kwargs["files"]
        form = self.get_form_class()(**kwargs | {"initial": _typed(self.request)})
        return self.render_to_response(self.get_context_data(form=form), status=403)


def _typed(request):
    """Never a password: the page stays open for whoever comes by."""
    return {name: value for name, value in request.POST.items() if not name.startswith("password")}
