"""Logging: one line per event to stderr, as text or JSON (LOG_FORMAT), without Codes, names, emails or cookies (T26).

The message of an exception often repeats what people typed. So no line contains it, whether Homeroom, Celery, a web
server or Python itself (for an uncaught exception) logs it. Django's own handlers are not used: they would mail whole
requests to ADMINS.
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
_PATH = re.compile(r"(?<!\S)/\S*")

# Characters that would end a line or move a terminal's cursor are written as their number (T70).
_CONTROLS = {number: f"\\x{number:02x}" for number in [*range(32), *range(127, 160), 0x2028, 0x2029]}


class LineFormatter(logging.Formatter):
    """A line of text: time, level, logger, message, and the id of the request."""

    def format(self, record):
        message = safe_message(record).translate(_CONTROLS)
        parts = [_at(record), _level(record), record.name, message]
        if request := request_id.get():
            parts.append(f"request={request}")
        return " ".join(parts) + "".join(f"\n    {frame}" for frame in frames(record))


class JsonFormatter(logging.Formatter):
    """One JSON object per event. The line of config.request_log has its parts as separate fields."""

    def format(self, record):
        event = {
            "at": _at(record),
            "level": _level(record),
            "logger": record.name,
            "message": safe_message(record),
        }
        event |= getattr(record, "fields", {})
        event |= {"request": request_id.get(), "frames": frames(record)}
        return json.dumps({name: value for name, value in event.items() if value not in ("", [], None)})


def safe_message(record):
    """Return the message, with the class of an exception in place of its message and the route in place of a path."""
    message = _without_exception_text(record, _exceptions_of(record))
    request = getattr(record, "request", None)
    if hasattr(request, "path") and request.path != "/":
        return message.replace(request.path, route(request))
    return _PATH.sub("a page", message) if record.name.startswith(SERVERS) else message


def _without_exception_text(record, exceptions):
    if isinstance(record.args, dict) and "exc" in record.args:  # Celery passes the exception as text
        return str(record.msg) % (
            record.args | {"exc": _class_name(exceptions[0]) if exceptions else "an exception"}
        )
    try:
        message = record.getMessage()
    except (TypeError, ValueError, KeyError):  # the arguments don't fit the message
        message = str(record.msg)
    for exception in exceptions:
        texts = {repr(exception), str(exception), *(arg for arg in exception.args if isinstance(arg, str))}
        for text in sorted(filter(None, texts), key=len, reverse=True):
            message = re.sub(rf"(?<!\w){re.escape(text)}(?!\w)", _class_name(exception), message)
    return message


def _exceptions_of(record):
    """Return the exceptions whose text may be in the line: logged with it, its arguments, or being handled now."""
    named = record.args.values() if isinstance(record.args, dict) else record.args or ()
    candidates = [record.exc_info and record.exc_info[1], sys.exception(), record.msg, *named]
    return [found for first in candidates if isinstance(first, BaseException) for found in _chain(first)]


def _chain(exception):
    """Return this exception, its causes and their contexts."""
    found = []
    while exception and exception not in found:
        found.append(exception)
        exception = exception.__cause__ or exception.__context__
    return found


def is_refused_request(logger):
    """Whether Django logs with this logger that it refused a request: for an unknown host, or because it was too big.

    Django calls that an error. It isn't one of ours, and anybody can send such requests as often as they like.
    """
    return logger.startswith("django.security.")


def _level(record):
    return "WARNING" if is_refused_request(record.name) else record.levelname


def _class_name(exception):
    return f"{type(exception).__module__}.{type(exception).__name__}"


def route(request):
    """Return the name of the URL pattern. There are few of them, and none contains a person's name or a key."""
    found = getattr(request, "resolver_match", None)
    return (found.view_name or found.route) if found else "no page"


def frames(record):
    """Return the traceback as a list of lines, with the classes of the exceptions but not their messages."""
    if is_refused_request(record.name):
        return []
    found = []
    for exception in _chain(record.exc_info and record.exc_info[1]):
        calls = traceback.extract_tb(exception.__traceback__)
        found += [
            _class_name(exception),
            *(f"{call.filename}:{call.lineno} in {call.name}" for call in reversed(calls)),
        ]
    return found


def _at(record):
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


FORMATTERS = {"line": LineFormatter, "json": JsonFormatter}


def refusal(sentence, log_format):
    """Return the last line of a process that does not start.

    It can't be logged, because logging is set up only once the settings are known to be right.
    """
    if log_format != "json":
        return sentence
    return JsonFormatter().format(
        logging.makeLogRecord({"name": "homeroom", "levelname": "CRITICAL", "msg": sentence})
    )


def settings(log_format):
    """Return the LOGGING setting, for configure()."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"homeroom": {"()": FORMATTERS[log_format]}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "homeroom"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            # config.request_log logs refused requests, with the route instead of the path.
            "django.request": {"level": "ERROR"},
            "waitress": {"level": "ERROR"},  # it warns about each request that waits a moment for a thread
            "gunicorn.error": {"handlers": ["stderr"], "propagate": False},
            # It warns about every HEAD, and link previews send many.
            "gunicorn.http.wsgi": {"level": "ERROR"},
        },
    }


def configure(logging_settings):
    """Set up logging (LOGGING_CONFIG), also for what Python would print to stderr itself. May be called twice."""
    logging.config.dictConfig(logging_settings)
    logging.raiseExceptions = False  # drop a line that can't be written: Python would print all its arguments
    logging.captureWarnings(True)
    sys.excepthook = _log_uncaught
    threading.excepthook = lambda args: _log_uncaught(args.exc_type, args.exc_value, args.exc_traceback)
    sys.unraisablehook = lambda args: _log_uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def _log_uncaught(exc_type, exception, trace):
    if hasattr(sys, "ps1"):  # an interactive prompt: its user typed what failed
        sys.__excepthook__(exc_type, exception, trace)
    else:
        logging.getLogger("homeroom").critical(
            "Nobody has caught this", exc_info=(exc_type, exception, trace)
        )
