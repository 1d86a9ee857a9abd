"""Sends errors to the operator's Sentry. Imported only if SENTRY_DSN is set.

Sentry's own scrubber removes fields with known names. That is not enough here, because names and Codes may be in any
text, so we send only the fields that can't contain them.
"""

import logging

import sentry_sdk

from config import logs

# Only these fields of an event are sent: what failed and where. No body, cookie, header, address, person, variable or
# breadcrumb, and no message of an exception, because it often repeats what people typed (T26).
EVENT = {"event_id", "timestamp", "platform", "level", "logger", "release", "environment", "sdk", "modules"}
FRAME = {"filename", "function", "module", "lineno", "in_app", "pre_context", "context_line", "post_context"}


def start(dsn, **options):
    sentry_sdk.init(
        dsn=dsn,
        before_send=scrubbed,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        enable_metrics=False,
        server_name="homeroom",
        **options,
    )


def scrubbed(event, hint):
    """Return the event with only the fields named above, or None if it isn't worth one."""
    if logs.is_refused_request(event.get("logger") or ""):
        return None
    kept = {name: event[name] for name in EVENT & event.keys()}
    exceptions = event.get("exception", {}).get("values", [])
    kept["exception"] = {"values": [_without_text(exception) for exception in exceptions]}
    # The message that was logged, without its arguments and without an exception's message that is already in it.
    logged = {
        "name": event.get("logger") or "",
        "msg": event.get("logentry", {}).get("message", ""),
        "exc_info": hint.get("exc_info"),
    }
    kept["logentry"] = {"message": logs.safe_message(logging.makeLogRecord(logged))}
    return kept


def _without_text(exception):
    frames = (exception.get("stacktrace") or {}).get("frames", [])
    kept = [{name: frame[name] for name in FRAME & frame.keys()} for frame in frames]
    return {"type": exception.get("type"), "module": exception.get("module"), "stacktrace": {"frames": kept}}
