"""One line an event, to stderr, as text or as JSON (LOG_FORMAT); no Code, name, address of mail or cookie in it (T26).

An exception's own words repeat what people typed, so no line has them, whoever logs it: ours, Celery, a web server, or
Python where nobody has caught it. Django's own handlers, which mail whole requests to ADMINS, are out.
"""

import json
import logging
import logging.config
import re
import sys
import threading
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime

request_id = ContextVar("request_id", default="")

SERVERS = ("gunicorn", "waitress")
_A_PATH = re.compile(r"(?<!\S)/\S*")

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
    """The message, with an exception's kind in the place of its words, and a route in the place of a path."""
    message = _without_words(record, _exceptions_of(record))
    request = getattr(record, "request", None)
    if hasattr(request, "path") and request.path != "/":
        return message.replace(request.path, route(request))
    return _A_PATH.sub("a page", message) if record.name.startswith(SERVERS) else message


def _without_words(record, exceptions):
    if isinstance(record.args, dict) and "exc" in record.args:  # Celery has made text of it
        return str(record.msg) % (
            record.args | {"exc": _kind(exceptions[0]) if exceptions else "an exception"}
        )
    try:
        message = record.getMessage()
    except (TypeError, ValueError, KeyError):  # what there is to say does not fit
        message = str(record.msg)
    for exception in exceptions:
        words = {repr(exception), str(exception), *(arg for arg in exception.args if isinstance(arg, str))}
        for said in sorted(filter(None, words), key=len, reverse=True):
            message = re.sub(rf"(?<!\w){re.escape(said)}(?!\w)", _kind(exception), message)
    return message


def _exceptions_of(record):
    """Those that the line is about: logged with it, put into it, or being handled while it is written."""
    named = record.args.values() if isinstance(record.args, dict) else record.args or ()
    begun = [record.exc_info and record.exc_info[1], sys.exception(), record.msg, *named]
    return [found for first in begun if isinstance(first, BaseException) for found in _chain(first)]


def _chain(exception):
    """This one, and what it was raised from or while handling."""
    found = []
    while exception and exception not in found:
        found.append(exception)
        exception = exception.__cause__ or exception.__context__
    return found


def _kind(exception):
    return f"{type(exception).__module__}.{type(exception).__name__}"


def route(request):
    """Under which name the address is known: a bounded set, and nobody's name or key in it."""
    found = getattr(request, "resolver_match", None)
    return (found.view_name or found.route) if found else "no page"


def frames(record):
    """Where it broke and by what; never an exception's own words."""
    found = []
    for exception in _chain(record.exc_info and record.exc_info[1]):
        calls = traceback.extract_tb(exception.__traceback__)
        found += [
            _kind(exception),
            *(f"{call.filename}:{call.lineno} in {call.name}" for call in reversed(calls)),
        ]
    return found


def _at(record):
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


FORMATS = {"line": Line, "json": Json}


def refusal(sentence, log_format):
    """What a process that does not start says; before its settings are known to be right there is no log."""
    if log_format != "json":
        return sentence
    return Json().format(
        logging.makeLogRecord({"name": "homeroom", "levelname": "CRITICAL", "msg": sentence})
    )


def settings(log_format):
    """LOGGING, for configure()."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"homeroom": {"()": FORMATS[log_format]}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "homeroom"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            "django.request": {
                "level": "ERROR"
            },  # a refused request is told by config.request_log, with its route
            "waitress": {"level": "ERROR"},  # it warns of each request that waits a moment for a thread
            "gunicorn.error": {"handlers": ["stderr"], "propagate": False},
            "gunicorn.http.wsgi": {"level": "ERROR"},  # it warns of every HEAD, which link previews send
        },
    }


def configure(logging_settings):
    """LOGGING_CONFIG: what Python would write to stderr by itself becomes a line like any other. Twice is harmless."""
    logging.config.dictConfig(logging_settings)
    logging.raiseExceptions = (
        False  # a line that cannot be written is lost, and not printed with all that was in it
    )
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    threading.excepthook = lambda args: _uncaught(args.exc_type, args.exc_value, args.exc_traceback)
    sys.unraisablehook = lambda args: _uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def _uncaught(kind, exception, calls):
    if hasattr(sys, "ps1"):  # a prompt: who reads it has typed it
        sys.__excepthook__(kind, exception, calls)
    else:
        logging.getLogger("homeroom").critical("Nobody has caught this", exc_info=(kind, exception, calls))
