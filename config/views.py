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


def not_found(request, exception):
    return _error(404)


def server_error(request):
    # A database that is away or too slow comes back: say "try again", not "we broke" (F12, F15).
    if isinstance(sys.exception(), (OperationalError, InterfaceError)):
        response = _error(503)
        response.headers["Retry-After"] = "5"
        return response
    return _error(500)


def _error(status):
    return HttpResponse(render_to_string(f"{status}.html"), status=status)
