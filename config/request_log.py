"""Writes one line into the log for each request, and counts it in two figures of /metrics."""

import logging
import re
from time import perf_counter
from uuid import uuid4

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied

from config import logs, metrics

logger = logging.getLogger("homeroom.requests")

# Programs ask for these every few seconds, so they are logged only if they fail.
QUIET_ROUTES = {"healthz", "readyz", "joins:poll", "/static/"}
REQUEST_ID = re.compile(r"[\w-]{8,64}", re.ASCII)
# An address may have anything in a class's place, such as a Code or " address=192.0.2.9": only ids are logged.
CLASS_ID = re.compile(r"[a-z0-9]{12}")


class RequestLogMiddleware:
    """Logs the request. Its id is the X-Request-ID of our proxy; without a proxy, each request gets a new one."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        start, from_proxy = perf_counter(), request.headers.get("X-Request-ID", "")
        is_trusted = settings.TRUSTED_PROXIES and REQUEST_ID.fullmatch(from_proxy)
        token = logs.request_id.set(from_proxy if is_trusted else uuid4().hex)
        try:
            response = self.get_response(request)
            response.headers["X-Request-ID"] = logs.request_id.get()
            log_request(request, response, perf_counter() - start)
        finally:
            logs.request_id.reset(token)
        return response


def log_request(request, response, seconds):
    """Log method, route, status, time, the class's id and the IP address; never path, query, body or cookie (T26)."""
    is_static = request.path.startswith(settings.STATIC_URL)
    route = settings.STATIC_URL if is_static else logs.route(request)
    metrics.count(request.method, route, response.status_code, seconds)
    if route in QUIET_ROUTES and response.status_code < 500:
        return
    match = getattr(request, "resolver_match", None)
    class_id = match.kwargs.get("public_id", "") if match else ""
    fields = {
        "method": request.method if request.method in metrics.METHODS else "other",
        "route": route,
        "status": response.status_code,
        "ms": round(seconds * 1000),
        "class": class_id if CLASS_ID.fullmatch(class_id) else None,
        "address": _address(request),
    }
    text = " ".join(f"{name}={value}" for name, value in fields.items() if value is not None)
    logger.info(text, extra={"fields": fields})


def _address(request):
    try:
        return get_adapter().get_client_ip(request)
    except PermissionDenied:
        return None
