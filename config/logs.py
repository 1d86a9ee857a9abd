"""One line an event, to stderr. Django's own handlers, which mail whole requests to ADMINS, are out (T26)."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "gunicorn.http.wsgi": {"level": "ERROR"},  # it warns of every HEAD, which link previews send
    },
}
