"""The answers that belong to no app. Error pages get no request: no context processor, so no query (T76)."""

import sys

from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def robots(request):
    return HttpResponse("User-agent: *\nDisallow: /j/\n", content_type="text/plain")


def bad_request(request, exception):
    return _error(400)


def forbidden(request, exception):
    return _error(403)


def too_old(request, reason=""):
    """A form whose page is older than the last log-in in this browser; a page may offer its own form again."""
    page = getattr(request.resolver_match.func, "view_class", None)
    if reason.startswith("CSRF token from POST") and hasattr(page, "offer_again"):
        view = page()
        view.setup(request, *request.resolver_match.args, **request.resolver_match.kwargs)
        return view.offer_again()
    return _error("403_csrf", 403)


def not_found(request, exception):
    return _error(404)


def server_error(request):
    # A database that is away or too slow comes back: say "try again", not "we broke" (F12, F15).
    if isinstance(sys.exception(), (OperationalError, InterfaceError)):
        response = _error(503)
        response.headers["Retry-After"] = "5"
        return response
    return _error(500)


def _error(page, status=None):
    return HttpResponse(render_to_string(f"{page}.html"), status=status or page)
