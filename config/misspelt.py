"""Stops the start if a variable's name is almost a setting's: it would have no effect, and nobody would notice."""

from difflib import get_close_matches

from django.core.exceptions import ImproperlyConfigured

# For each of our names what people write instead: names of other products, of Django's settings, our own earlier ones.
OTHER_NAMES = {
    other: meant
    for meant, others in {
        "ADMIN_OFF": "ADMIN_ENABLED ADMIN_ON DISABLE_ADMIN",
        "CODE_UNLOCKED_FOR": "CODE_LOCKS_AFTER UNLOCKED_FOR",
        "DATABASE_URL": "DB_URL PG_URL POSTGRESQL_URL POSTGRES_URL",
        "DEFAULT_FROM_EMAIL": "DEFAULT_EMAIL EMAIL_FROM FROM_EMAIL MAIL_FROM SERVER_EMAIL",
        "DELETION_LIST": "DELETE_LIST",
        "EMAIL_URL": "EMAIL_HOST EMAIL_HOST_PASSWORD EMAIL_HOST_USER EMAIL_PORT EMAIL_USE_SSL EMAIL_USE_TLS "
        "MAILER_URL MAIL_URL SMTP_HOST SMTP_URL",
        "LOG_FORMAT": "LOG_FMT",
        "METRICS_TOKEN": "METRICS_KEY PROMETHEUS_TOKEN",
        "NEW_ACCOUNTS_QUOTA": "MOST_ASKED_BY_NEW_ACCOUNTS",
        "PRIVACY_NOTICE_URL": "PRIVACY_URL",
        "REDIS_URL": "BROKER_URL CACHE_URL CELERY_BROKER CELERY_BROKER_URL VALKEY_URL",
        "SECRET_KEY": "SECRET_KEY_FILE",
        "SECRET_KEY_FALLBACKS": "OLD_SECRET_KEY",
        "SENTRY_DSN": "SENTRY_URL",
        "SITE_URL": "CSRF_TRUSTED_ORIGINS SITE_DOMAIN SITE_HOST",
        "TRUSTED_PROXIES": "TRUSTED_PROXY TRUSTED_PROXY_COUNT",
        "VAR_DIR": "VAR_FOLDER",
        "WEB_CONCURRENCY": "GUNICORN_WORKERS",
    }.items()
    for other in others.split()
}
_RUN_TOGETHER = {other.replace("_", ""): meant for other, meant in OTHER_NAMES.items()}  # "MAILURL"
PREFIXES = ("HOMEROOM_", "DJANGO_")  # prefixes that people add
IGNORED = {"HOMEROOM_PORT"}  # Kubernetes sets it for a service named "homeroom"
SIMILAR = 0.9  # nine of ten letters are the same
SIMILAR_SHORT = 0.85  # in names shorter than SHORT
SHORT, VERY_SHORT = 10, 6  # letters


def refuse(names, ours):
    """Raise ImproperlyConfigured if a name in the environment (`names`) is almost one of our settings (`ours`)."""
    for name in sorted(set(names) - ours - IGNORED):
        plain = "".join(filter(str.isprintable, name)).strip().upper().replace("-", "_")
        for prefix in PREFIXES:
            plain = plain.removeprefix(prefix)
        if meant := _meant(plain, ours):
            # A Windows editor may put a line break or a byte order mark into a name; ascii() makes it visible.
            printable = name if name.isprintable() and " " not in name else ascii(name)
            raise ImproperlyConfigured(f"{printable} is no setting of Homeroom: {meant} is meant.")


def _meant(plain, ours):
    """Return our setting that a name without prefixes probably means, or None."""
    if plain in ours:
        return plain
    return _RUN_TOGETHER.get(plain.replace("_", "")) or _closest(plain, ours)


def _closest(name, ours):
    """Return the setting that was probably meant, or None.

    An environment has many other variables, so we are careful: the first letter and nine of ten letters must be right,
    or the first two words, if those are not a setting themselves. Names as short as PORT are never guessed, because
    many other names are similar to them.
    """
    if len(name) < VERY_SHORT:
        return None
    least = SIMILAR_SHORT if len(name) < SHORT else SIMILAR
    candidates = [setting for setting in ours if setting[0] == name[0] and len(setting) >= VERY_SHORT]
    similar = get_close_matches(name, candidates, 1, least)
    if similar:
        return similar[0]
    long = {setting: "_".join(setting.split("_")[:2]) for setting in sorted(ours) if setting.count("_") > 1}
    same_start = [setting for setting, start in long.items() if name.startswith(start) and start not in ours]
    return next(iter(get_close_matches(name, same_start, 1, 0)), None)
