"""One line an event, to stderr, as text or as JSON (LOG_FORMAT); no Code, name, address of mail or cookie in it (T26).

Django's own handlers, which mail whole requests to ADMINS, are out.
"""

import json
import logging
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime

from config import env

request_id = ContextVar("request_id", default="")

# What would end a line, or move a terminal's cursor, is written as its number (T70).
_CONTROLS = {number: f"\\x{number:02x}" for number in [*range(32), *range(127, 160), 0x2028, 0x2029]}


class Line(logging.Formatter):
    """Text: when, how bad, who says it, what, and which request."""

    def format(self, record):
        parts = [_at(record), record.levelname, record.name, said(record).translate(_CONTROLS)]
        if request := request_id.get():
            parts.append(f"request={request}")
        return " ".join(parts) + "".join(f"\n    {frame}" for frame in frames(record))


class Json(logging.Formatter):
    """One JSON object an event; a request's own line has its parts as fields."""

    def format(self, record):
        event = {"at": _at(record), "level": record.levelname, "logger": record.name, "message": said(record)}
        event |= getattr(record, "fields", {})
        event |= {"request": request_id.get(), "frames": frames(record)}
        return json.dumps({name: value for name, value in event.items() if value not in ("", [], None)})


def said(record):
    """The message; where it is about a request, with the route in the place of the path."""
    request = getattr(record, "request", None)
    if not hasattr(request, "path") or request.path == "/":
        return record.getMessage()
    return record.getMessage().replace(request.path, route(request))


def route(request):
    """Under which name the address is known: a bounded set, and nobody's name or key in it."""
    found = getattr(request, "resolver_match", None)
    return (found.view_name or found.route) if found else "no page"


def frames(record):
    """Where it broke and by what; never an exception's own words, which repeat what people typed (T26)."""
    found, kind = [], record.exc_info and record.exc_info[1]
    while kind:
        found.append(f"{type(kind).__module__}.{type(kind).__name__}")
        calls = traceback.extract_tb(kind.__traceback__)
        found += [f"{call.filename}:{call.lineno} in {call.name}" for call in reversed(calls)]
        kind = kind.__cause__ or kind.__context__
    return found


def _at(record):
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": Line}, "json": {"()": Json}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": env.choice("LOG_FORMAT", ["line", "json"]),
        }
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.request": {"level": "ERROR"},  # a refused request is told by config.watch, with its route
        "waitress": {"level": "ERROR"},  # it warns of each request that waits a moment for a thread
        "gunicorn.error": {"handlers": ["stderr"], "propagate": False},
        "gunicorn.http.wsgi": {"level": "ERROR"},  # it warns of every HEAD, which link previews send
    },
}
