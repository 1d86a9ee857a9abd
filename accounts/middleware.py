"""Middleware for input, log-in, one-time passwords and time zones, and for the status of refused forms."""

from itertools import chain
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import auth, messages
from django.contrib.auth.middleware import AuthenticationMiddleware, LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.http import HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.deprecation import MiddlewareMixin
from django_htmx.http import HttpResponseClientRedirect

NOTHING_DONE = "You've been logged out here, so nothing has been changed or saved. Log in, then try again."
METHODS = ["GET", "HEAD", "POST"]
CHARSETS = {"utf-8", "utf8"}
# Most characters of the page that follows a log-in. Quoting can triple them, and nginx refuses an answer whose headers
# exceed 4 kB.
LONGEST_NEXT = 500
DEFAULT_RETRY_AFTER = 60  # seconds; the span of most rate limits
# Seconds by error code; see settings.ACCOUNT_RATE_LIMITS. Other errors bring theirs as the parameter `retry_after`.
RETRY_AFTER = {
    "too_many_login_attempts": 300,
    "too_many_mails": 3600,
    "too_many_in_a_row": 86_400,
    "too_many_codes": 86_400,
}


class CleanInputMiddleware:
    """Refuse what no page accepts: other methods (T40) and charsets (T75), and NUL, which PostgreSQL refuses (T67)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        if request.content_params.get("charset", "utf-8").lower() not in CHARSETS:
            raise BadRequest("charset")  # Python would also decode "zip" or "idna"
        try:
            has_nul = "\0" in request.path or any("\0" in text for text in _all_texts(request))
        except (TypeError, ValueError):  # Python raises these for a multipart header that contradicts itself
            raise BadRequest("form") from None
        if has_nul:
            raise BadRequest("NUL")
        return self.get_response(request)


def _all_texts(request):
    yield from chain.from_iterable(request.COOKIES.items())
    for fields in (request.GET, request.POST):
        for name, values in fields.lists():
            yield name
            yield from values


class UserMiddleware(AuthenticationMiddleware):
    """Like Django's, but the user has come with the session, in one statement (ADR 28).

    The user is read at once, because every request needs it: a SimpleLazyObject makes each use of it a little slower.
    """

    def process_request(self, request):
        super().process_request(request)
        request.user = get_user(request)


def get_user(request):
    """Return the session's user if everything that Django checks is true. In every other case, Django decides.

    That is so for sessions that the previous release has written (F27), and after a change of SECRET_KEY (F28).
    """
    session = request.session
    user_id, backend = session.get(auth.SESSION_KEY), session.get(auth.BACKEND_SESSION_KEY)
    user = session.user
    if user is None or str(user.pk) != user_id or backend not in settings.AUTHENTICATION_BACKENDS:
        return auth.get_user(request)
    session_hash = session.get(auth.HASH_SESSION_KEY, "")
    if user.is_active and constant_time_compare(session_hash, user.get_session_auth_hash()):
        return user
    return auth.get_user(request)


class LogInRequiredMiddleware(LoginRequiredMiddleware):
    """Like Django's, but `next` is the page the person was on: a POST or a fragment of a page can't be visited."""

    def handle_no_permission(self, request, view_func):
        log_in = resolve_url(self.get_login_url(view_func))
        may_offer = request.method == "POST" and not request.htmx and hasattr(view_func, "offer_again")
        if may_offer and (answer := view_func.offer_again(request)):
            return answer
        if request.method == "POST":
            messages.error(request, NOTHING_DONE)
        elif request.htmx:  # the person pressed nothing, so tell them why the page changes
            messages.info(request, "You've been logged out here. Log in again to continue.")
        if request.htmx:  # htmx would put the page after a redirect into the fragment's place
            return HttpResponseClientRedirect(_redirect_to_login(_page_before(request), log_in).url)
        page = _page_before(request) if request.method == "POST" else request.get_full_path()
        return _redirect_to_login(page, log_in)


def _redirect_to_login(page, log_in):
    """After the log-in comes `page`, or the home page if that address is longer than any of ours."""
    return redirect_to_login(page if len(page) <= LONGEST_NEXT else "/", log_in)


def _page_before(request):
    """Return the path of the page the person was on, or "/" if it wasn't one of ours."""
    try:
        if request.htmx:
            return request.htmx.current_url_abs_path or "/"
        referer = urlsplit(request.headers.get("Referer", ""))
    except ValueError:  # such as http://[::1
        return "/"
    return referer.path if referer.netloc == request.get_host() else "/"


class OwnPasswordMiddleware(MiddlewareMixin):
    """Somebody who logs in with a one-time password has to choose their own before anything else (T15)."""

    ALLOWED_PAGES = {"account_change_password", "account_logout"}

    def process_view(self, request, view, args, kwargs):
        must_choose = request.user.is_authenticated and request.user.one_time_until
        if not must_choose or request.resolver_match.url_name in self.ALLOWED_PAGES:
            return None
        page = reverse("account_change_password")
        if request.htmx and _page_before(request) == page:
            return HttpResponse(status=204)  # a poll by that page must not replace what is being typed
        # Afterwards they go on to where they were going, for example to the page that asks to confirm a Code (J11).
        if request.method == "GET" and not request.htmx and request.path != settings.LOGIN_REDIRECT_URL:
            return redirect_to_login(request.get_full_path(), page)
        return (HttpResponseClientRedirect if request.htmx else HttpResponseRedirect)(page)


class LocalTimeMiddleware:
    """Pages show times in the person's own time zone, or in the school's if nobody is logged in."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with timezone.override(request.user.zone if request.user.is_authenticated else None):
            return self.get_response(request)


class RefusalsMiddleware:
    """On every page, an invalid form answers 422, and too many tries answer 429 with Retry-After.

    A 405 gets a page, because people open a button's address from a bookmark or a restored tab.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code == 429:
            response.headers.setdefault("Retry-After", str(DEFAULT_RETRY_AFTER))
        if response.status_code == 405:
            response.content = render_to_string("405.html", {"user": request.user})
        return response

    def process_template_response(self, request, response):
        form = (response.context_data or {}).get("form")
        if request.method != "POST" or response.status_code != 200 or not getattr(form, "errors", None):
            return response
        response.status_code = 422
        for refusal in chain.from_iterable(form.errors.as_data().values()):
            seconds = (refusal.params or {}).get("retry_after") or RETRY_AFTER.get(refusal.code)
            if seconds:
                response.status_code = 429
                response.headers["Retry-After"] = str(seconds)
        return response
