"""All settings. What differs between sites is read from the environment (.env.example).

If nothing is set, this is the embedded default: database, broker, mails and key are files in VAR_DIR.
"""

import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from config import backends, checks, env, env_secrets, logs, misspelt  # noqa: F401 (importing checks registers them)
from config.account_settings import *  # noqa: F403
from config.account_settings import MAIL_SERVER
from config.timetable import CELERY_BEAT_SCHEDULE  # noqa: F401

BASE_DIR = Path(__file__).parent.parent
DEBUG = env.flag("DEBUG")

# The folder of the embedded default's database, broker, mails and key.
VAR_DIR = env.folder("VAR_DIR", "var", BASE_DIR)
# The accounts that a restored backup must not bring back. The file is kept apart from database and backups (F31).
DELETION_LIST = env.file("DELETION_LIST", VAR_DIR / "deletion-list", BASE_DIR)

# Database and broker: PostgreSQL or a file, Redis or a folder.
_PREPARES = not env.flag("PREPARED_STATEMENTS_OFF")
DATABASES = {
    "default": backends.database(env.database("DATABASE_URL"), VAR_DIR / "homeroom.sqlite3", _PREPARES)
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.redis("REDIS_URL")
_SERVER_HOSTS = [DATABASES["default"].get("HOST"), urlsplit(REDIS_URL or "").hostname]
SECRET_KEY = env_secrets.secret_key(
    "SECRET_KEY", VAR_DIR / "secret-key", is_alone=all(map(env.is_this_machine, _SERVER_HOSTS))
)
SECRET_KEY_FALLBACKS = env_secrets.secret_keys("SECRET_KEY_FALLBACKS")  # accepted, not used to sign (F28)

# The product's own times and limits.
_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)
_WEEK, _YEAR = timedelta(weeks=1), timedelta(days=366)
CODE_UNLOCKED_FOR = env.seconds("CODE_UNLOCKED_FOR", timedelta(weeks=2), between=(_MINUTE, _YEAR))  # K5
WARN_BEFORE_LOCK = env.seconds("WARN_BEFORE_LOCK", timedelta(days=3), between=(_MINUTE, _YEAR))  # K11
ASK_AGAIN_AFTER = env.seconds("ASK_AGAIN_AFTER", _DAY, between=(_MINUTE, _YEAR))  # Q6
# The same after the second denial and later ones (T50).
ASK_AGAIN_AFTER_SECOND = env.seconds("ASK_AGAIN_AFTER_SECOND", timedelta(days=7), between=(_MINUTE, _YEAR))
MOST_PENDING_IN_CLASS = env.number("MOST_PENDING_IN_CLASS", 500, between=(1, 10_000))  # requests (T33)
MOST_PENDING_OF_PERSON = env.number("MOST_PENDING_OF_PERSON", 10, between=(1, 1_000))  # requests (T33)
NEW_ACCOUNTS_QUOTA = env.number("NEW_ACCOUNTS_QUOTA", 3, between=(3, 100))  # times the expected sizes (T34)
CLASS_LISTS_KEPT_FOR = env.seconds("CLASS_LISTS_KEPT_FOR", 6 * _WEEK, between=(_DAY, _YEAR))  # L2
# Which school and which school year an export says that it is of.
SCHOOL_NAME = env.text("SCHOOL_NAME", longest=100)
SCHOOL_YEAR = env.period("SCHOOL_YEAR")
# In this time, a person gets at most one mail about each class (T35).
DIGEST_EVERY = env.seconds("DIGEST_EVERY", timedelta(minutes=15), between=(timedelta(seconds=1), _WEEK))

# The site's address. Links in mails use SITE_URL and never the host of a request, which anybody can choose (T63).
PORT = env.number("PORT", 8000, between=(1, 65_535))
SITE = env.site_url("SITE_URL", f"http://localhost:{PORT}")
SITE_URL = SITE.geturl()
ACCOUNT_DEFAULT_HTTP_PROTOCOL = SITE.scheme
_LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]  # always allowed, because health checks use them
ALLOWED_HOSTS = _LOCAL_HOSTS + env.hosts("ALLOWED_HOSTS", [SITE.hostname], loose=DEBUG, site=SITE.hostname)
CSRF_TRUSTED_ORIGINS = [SITE_URL]
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0, between=(0, 10))  # hops (T19)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

# Only if the site is on https: on a plain http://localhost, browsers refuse such cookies.
ON_HTTPS = SITE.scheme == "https"
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ON_HTTPS
SECURE_SSL_HOST = SITE.netloc  # never the host of the request (T63)
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]  # health checks come from inside the network, without TLS
SECURE_HSTS_SECONDS = 31_536_000 if ON_HTTPS else 0  # a year
SECURE_HSTS_INCLUDE_SUBDOMAINS = ON_HTTPS
# W021 asks for "preload", which would bind a school's whole domain for years. Only the school can decide that.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
if TRUSTED_PROXIES:  # the proxy overwrites this header; without a proxy anybody could send it
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
_HOST = "__Host-" if ON_HTTPS else ""
MESSAGE_STORAGE = "config.messages.UniqueMessageStorage"
SESSION_ENGINE = "accounts.models.session"  # can be ended, and survive the loss of Redis (F11)
SESSION_COOKIE_NAME = f"{_HOST}sessionid"
DEVICE_COOKIE_NAME = f"{_HOST}device"
# For shared computers. If the browser stays open, accounts.sessions ends the session.
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# Seconds that a session's row is kept after its last change: as long as the link in a mail works.
SESSION_COOKIE_AGE = 3 * 86_400
CSRF_COOKIE_NAME = f"{_HOST}csrftoken"
CSRF_FAILURE_VIEW = "config.views.csrf_failure"
CSRF_COOKIE_HTTPONLY = True  # htmx takes the token from the page

# The parts of the site.
INSTALLED_APPS = [
    "accounts",
    "classroom",
    "joins",
    "privacy",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "template_partials",
    "config.admin.OperatorsConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",  # FORM_RENDERER needs its templates
]
MIDDLEWARE = [
    "config.security_headers.SecurityHeadersMiddleware",
    # Lists of people compress well. GZipMiddleware adds padding of random length, so that somebody who watches the
    # network can't tell from a page's length whether it repeats a text that they sent (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    "config.metrics.MetricsMiddleware",
    "config.request_log.RequestLogMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "accounts.middleware.CleanInputMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.middleware.UserMiddleware",
    "accounts.second_press.SecondPressMiddleware",
    "accounts.sessions.LogInEndsMiddleware",
    "accounts.middleware.LogInRequiredMiddleware",
    "accounts.middleware.OwnPasswordMiddleware",
    "accounts.middleware.LocalTimeMiddleware",
    "accounts.middleware.RefusalsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "config.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "libraries": {"heroicons": "config.icons"},  # instead of an app of ours in INSTALLED_APPS
            "builtins": [
                "template_partials.templatetags.partials",  # as in Django 6
                "config.fixed_addresses",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "joins.context_processors.counts",
                "joins.context_processors.wish",
            ],
        },
    }
]
FORM_RENDERER = "accounts.forms.rendering.FormRenderer"  # with our templates in templates/django/forms/

# The limits of a form. 1,000 fields are more than we accept, so that a manager who decides on too many requests at once
# gets a sentence with the limit and not a bare 400.
DATA_UPLOAD_MAX_MEMORY_SIZE = 65_536  # bytes
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
DATA_UPLOAD_MAX_NUMBER_FILES = 0  # there are no uploads (T73)

# Rate limits are counted here. All processes share it, and it works without Redis (F09).
CACHES = {"default": backends.RATE_LIMIT_CACHE}

# Mail. Without a mail server, mails are written to files.
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"
if MAIL_SERVER:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = MAIL_SERVER["EMAIL_HOST"], MAIL_SERVER["EMAIL_PORT"]
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL_SERVER["EMAIL_HOST_USER"], MAIL_SERVER["EMAIL_HOST_PASSWORD"]
    EMAIL_USE_TLS = MAIL_SERVER.get("EMAIL_USE_TLS", False)
    EMAIL_USE_SSL = MAIL_SERVER.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10  # seconds that the server may take for a line; Django's default has no end (F23)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.sender("DEFAULT_FROM_EMAIL", f"Homeroom <homeroom@{SITE.hostname}>")

# Celery. Requests only write rows, so only worker and beat need the broker.
BROKER_DIR = VAR_DIR / "broker"
CELERY_BROKER_URL = REDIS_URL or "filesystem://here"  # kombu demands a host and doesn't use it
CELERY_BROKER_TRANSPORT = None if REDIS_URL else "config.file_broker:Transport"
CELERY_BROKER_TRANSPORT_OPTIONS = backends.REDIS if REDIS_URL else backends.file_broker(BROKER_DIR)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_ACCEPT_CONTENT = ["json"]
# A task is acknowledged when it starts, which is Celery's default. If its worker is lost, the task is not repeated, and
# beat sends the next one. With late acknowledgement, a task that kills its worker would come back for ever (F04, F26).
CELERY_TASK_ACKS_LATE = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SOFT_TIME_LIMIT = 60  # seconds; then an exception ends it, even in the middle of a mail (F23)
CELERY_TASK_TIME_LIMIT = 90  # seconds; then the process is killed (F30)
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = bool(REDIS_URL)  # the file broker would keep such messages for ever
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat")

# For operators: the log, and, if they are set, the figures and a Sentry for errors.
LOGGING = logs.settings(env.choice("LOG_FORMAT", ["line", "json"]))
LOGGING_CONFIG = "config.logs.configure"
METRICS_TOKEN = env_secrets.token("METRICS_TOKEN")
SENTRY_DSN = env.sentry("SENTRY_DSN")
if SENTRY_DSN:
    from config import sentry

    sentry.start(SENTRY_DSN)

# Times are stored in UTC and shown in each person's time zone. This is the school's, the default of new accounts.
TIME_ZONE = env.time_zone("TIME_ZONE", "UTC")
LANGUAGE_CODE = "en-gb"
USE_I18N = False  # every text is in English, and Django asks for the language three times for each address
FORMAT_MODULE_PATH = "config.formats"

# Static files have hashed names, so that browsers can keep them for ever. With DEBUG they have their own names.
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site needs our files
# Served at the root of the site, where browsers and phones look for them: /favicon.ico, /manifest.webmanifest …
WHITENOISE_ROOT = BASE_DIR / "static" / "root"
WHITENOISE_MIMETYPES = {".webmanifest": "application/manifest+json"}
WHITENOISE_MAX_AGE = 0 if DEBUG else 86_400  # seconds, for the files without a hash in their name
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.static.JoinedFiles",
]
_AS_THEY_COME = "django.contrib.staticfiles.storage.StaticFilesStorage"
_HASHED = "whitenoise.storage.CompressedManifestStaticFilesStorage"
STORAGES = {"staticfiles": {"BACKEND": _AS_THEY_COME if DEBUG else _HASHED}}

# gunicorn reads it too, and answers a wrong value with a traceback.
env.number("WEB_CONCURRENCY", 1, between=(1, 100))
misspelt.refuse(os.environ, env.READ | {"POSTGRES_PASSWORD"})  # only docker-compose.yml reads that one
