"""Stops the start if a variable's name is almost a setting's: it would have no effect, and nobody would notice."""

from difflib import get_close_matches

from django.core.exceptions import ImproperlyConfigured

# Names that people write instead of ours: those of other products, of Django's settings, and our own earlier ones.
OTHER_NAMES = {
    "ADMIN_ENABLED": "ADMIN_OFF",
    "ADMIN_ON": "ADMIN_OFF",
    "BROKER_URL": "REDIS_URL",
    "CACHE_URL": "REDIS_URL",
    "CELERY_BROKER": "REDIS_URL",
    "CELERY_BROKER_URL": "REDIS_URL",
    "CODE_LOCKS_AFTER": "CODE_UNLOCKED_FOR",
    "CSRF_TRUSTED_ORIGINS": "SITE_URL",
    "DB_URL": "DATABASE_URL",
    "DEFAULT_EMAIL": "DEFAULT_FROM_EMAIL",
    "DELETE_LIST": "DELETION_LIST",
    "DISABLE_ADMIN": "ADMIN_OFF",
    "EMAIL_FROM": "DEFAULT_FROM_EMAIL",
    "EMAIL_HOST": "EMAIL_URL",
    "EMAIL_HOST_PASSWORD": "EMAIL_URL",
    "EMAIL_HOST_USER": "EMAIL_URL",
    "EMAIL_PORT": "EMAIL_URL",
    "EMAIL_USE_SSL": "EMAIL_URL",
    "EMAIL_USE_TLS": "EMAIL_URL",
    "FROM_EMAIL": "DEFAULT_FROM_EMAIL",
    "GUNICORN_WORKERS": "WEB_CONCURRENCY",
    "LOG_FMT": "LOG_FORMAT",
    "MAILER_URL": "EMAIL_URL",
    "MAIL_FROM": "DEFAULT_FROM_EMAIL",
    "MAIL_URL": "EMAIL_URL",
    "METRICS_KEY": "METRICS_TOKEN",
    "MOST_ASKED_BY_NEW_ACCOUNTS": "NEW_ACCOUNTS_QUOTA",
    "OLD_SECRET_KEY": "SECRET_KEY_FALLBACKS",
    "PG_URL": "DATABASE_URL",
    "POSTGRESQL_URL": "DATABASE_URL",
    "POSTGRES_URL": "DATABASE_URL",
    "PRIVACY_URL": "PRIVACY_NOTICE_URL",
    "PROMETHEUS_TOKEN": "METRICS_TOKEN",
    "SECRET_KEY_FILE": "SECRET_KEY",
    "SENTRY_URL": "SENTRY_DSN",
    "SERVER_EMAIL": "DEFAULT_FROM_EMAIL",
    "SITE_DOMAIN": "SITE_URL",
    "SITE_HOST": "SITE_URL",
    "SMTP_HOST": "EMAIL_URL",
    "SMTP_URL": "EMAIL_URL",
    "TRUSTED_PROXY": "TRUSTED_PROXIES",
    "TRUSTED_PROXY_COUNT": "TRUSTED_PROXIES",
    "UNLOCKED_FOR": "CODE_UNLOCKED_FOR",
    "VALKEY_URL": "REDIS_URL",
    "VAR_FOLDER": "VAR_DIR",
}
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
        if meant := plain if plain in ours else OTHER_NAMES.get(plain) or _closest(plain, ours):
            # A Windows editor may put a line break or a byte order mark into a name; ascii() makes it visible.
            printable = name if name.isprintable() and " " not in name else ascii(name)
            raise ImproperlyConfigured(f"{printable} is no setting of Homeroom: {meant} is meant.")


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
