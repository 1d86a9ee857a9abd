"""Responses that belong to no app.

Error pages are rendered without the request, so no context processor runs and they need no database (T76). Who is
logged in was read before the view ran.
"""

import sys
from functools import partial
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def robots(request):
    """Let robots read every page that needs no log-in, also those that show a preview of a link.

    Search engines list only the front page: all others say "noindex", which a robot can only read if it may open them.
    """
    return HttpResponse("User-agent: *\nDisallow:\n", content_type="text/plain")


def bad_request(request, exception):
    return _error(413 if isinstance(exception, RequestDataTooBig) else 400, request)


def forbidden(request, exception):
    return _error(403, request)


def csrf_failure(request, reason=""):
    """Answer a form whose CSRF token is wrong, mostly because somebody logged in or out after the page was loaded.

    The page says who is logged in now. If the view can, it offers the form again as it was typed; otherwise there is a
    link back to the form's page. But only if the browser says that the form came from our own site; otherwise another
    site could choose what is in it (T61).
    """
    if not _is_from_our_site(request) or request.htmx:
        return _error("403_csrf", request, status=403)
    offer_again = _offer_again(request)
    if offer_again and (answer := offer_again()):
        return answer
    context = {
        "needs_log_in": getattr(request.resolver_match.func, "login_required", True),
        "page": _page_of_form(request),
    }
    return render(request, "accounts/offered_again.html", context, status=403)


def _is_from_our_site(request):
    ours = {settings.SITE_URL, f"{request.scheme}://{request.get_host()}"}
    return request.headers.get("Origin") in ours


def _offer_again(request):
    view, args, kwargs = request.resolver_match
    if hasattr(view, "offer_again"):
        return partial(view.offer_again, request)
    page = getattr(view, "view_class", None)
    if not hasattr(page, "offer_again"):
        return None
    page = page()
    page.setup(request, *args, **kwargs)
    return page.offer_again


def _page_of_form(request):
    """Return the address of the page from which a form was sent, or the home page. The browser names it in Referer."""
    referer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referer, {request.get_host()}):
        return "/"
    page = urlsplit(referer)._replace(scheme="", netloc="").geturl()
    # A path that begins with // leads to another site once our own site's name is no longer before it (T51).
    return page if url_has_allowed_host_and_scheme(page, None) else "/"


def not_found(request, exception):
    return _error(404, request)


def server_error(request):
    # The database is down or too slow, which passes: "try again" is better than "something broke" (F12, F15).
    if isinstance(sys.exception(), (OperationalError, InterfaceError)):
        response = _error(503)
        response.headers["Retry-After"] = "5"
        return response
    return _error(500)


def _error(page, request=None, status=None):
    """Render an error page, which says who is logged in if the request got far enough to know."""
    user = getattr(request, "user", None)
    return HttpResponse(render_to_string(f"{page}.html", {"user": user}), status=status or page)
