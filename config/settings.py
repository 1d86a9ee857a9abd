"""Every setting, from the environment (.env.example). Nothing set is the embedded default: all in VAR_DIR."""

import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from config import backends, checks, env, logs, misspelt  # noqa: F401 (the checks are known from here on)
from config.account_settings import *  # noqa: F403
from config.account_settings import MAIL_SERVER
from config.timetable import CELERY_BEAT_SCHEDULE  # noqa: F401

BASE_DIR = Path(__file__).parent.parent
DEBUG = env.flag("DEBUG")

# Where the embedded default keeps its database, broker, mails and key.
VAR_DIR = env.folder("VAR_DIR", "var", BASE_DIR)
# Outside the database and its backups: who must not come back with one of them (F31).
DELETION_LIST = env.file("DELETION_LIST", VAR_DIR / "deletion-list", BASE_DIR)

# What it runs on: PostgreSQL or a file, Redis or a folder.
DATABASES = {"default": backends.database(env.database("DATABASE_URL"), VAR_DIR / "homeroom.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOCK_TIMEOUT = backends.LOCK_TIMEOUT
REDIS_URL = env.redis("REDIS_URL")
_ELSEWHERE = [DATABASES["default"].get("HOST"), urlsplit(REDIS_URL or "").hostname]
SECRET_KEY = env.secret_key("SECRET_KEY", VAR_DIR / "secret-key", is_alone=all(map(env.is_here, _ELSEWHERE)))
SECRET_KEY_FALLBACKS = env.secret_keys("SECRET_KEY_FALLBACKS")  # still read, no longer written (F28)

# The product's own times and limits, each with what it is by itself, at least and at most.
_MINUTE, _WEEK, _YEAR = timedelta(minutes=1), timedelta(weeks=1), timedelta(days=366)
CODE_UNLOCKED_FOR = env.seconds("CODE_UNLOCKED_FOR", timedelta(weeks=2), _MINUTE, _YEAR)  # K5
WARN_BEFORE_LOCK = env.seconds("WARN_BEFORE_LOCK", timedelta(days=3), _MINUTE, _YEAR)  # K11
ASK_AGAIN_AFTER = env.seconds("ASK_AGAIN_AFTER", timedelta(days=1), _MINUTE, _YEAR)  # Q6
# The same after later denials (T50).
ASK_AGAIN_AFTER_SECOND = env.seconds("ASK_AGAIN_AFTER_SECOND", timedelta(days=7), _MINUTE, _YEAR)
MOST_PENDING_IN_CLASS = env.number("MOST_PENDING_IN_CLASS", 500, 1, 10_000)  # requests (T33)
MOST_PENDING_OF_PERSON = env.number("MOST_PENDING_OF_PERSON", 10, 1, 1_000)  # requests (T33)
NEW_ACCOUNTS_QUOTA = env.number("NEW_ACCOUNTS_QUOTA", 3, 3, 100)  # times the expected size of classes (T34)
# At most one mail a person and class in this time (T35).
DIGEST_EVERY = env.seconds("DIGEST_EVERY", timedelta(minutes=15), timedelta(seconds=1), _WEEK)

# Where people find us. Links in mails come from SITE_URL, never from a request (T63).
PORT = env.port("PORT", 8000)
SITE = env.site_url("SITE_URL", f"http://localhost:{PORT}")
SITE_URL = SITE.geturl()
ACCOUNT_DEFAULT_HTTP_PROTOCOL = SITE.scheme
_HERE = ["localhost", "127.0.0.1", "[::1]"]  # by which health checks ask, whatever else is allowed
ALLOWED_HOSTS = _HERE + env.hosts("ALLOWED_HOSTS", [SITE.hostname], loose=DEBUG, site=SITE.hostname)
CSRF_TRUSTED_ORIGINS = [SITE_URL]
TRUSTED_PROXIES = ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXIES", 0, 0, 10)  # hops (T19)

# Exactly when the site is on https: browsers refuse these on a plain http://localhost.
ON_HTTPS = SITE.scheme == "https"
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ON_HTTPS
SECURE_SSL_HOST = SITE.netloc  # never the name by which somebody asked (T63)
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]  # asked for from inside, without TLS
SECURE_HSTS_SECONDS = 31_536_000 if ON_HTTPS else 0  # a year
SECURE_HSTS_INCLUDE_SUBDOMAINS = ON_HTTPS
# W021 wants "preload", which binds a school's whole domain for years: not ours to decide.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
if TRUSTED_PROXIES:  # the proxy overwrites this header; without one anybody could send it
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
_HOST = "__Host-" if ON_HTTPS else ""
MESSAGE_STORAGE = "config.messages.Once"
SESSION_ENGINE = "django.contrib.sessions.backends.db"  # to be revoked, and there without Redis (F11)
SESSION_COOKIE_NAME = f"{_HOST}sessionid"
DEVICE_COOKIE_NAME = f"{_HOST}device"
# Shared machines; accounts.sessions ends it for browsers that stay open.
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = (
    3 * 86_400
)  # seconds a row is kept after it was written last, as long as the link in a mail works
CSRF_COOKIE_NAME = f"{_HOST}csrftoken"
CSRF_FAILURE_VIEW = "config.views.too_old"
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
    "django.forms",  # its templates, for FORM_RENDERER
]
MIDDLEWARE = [
    "config.security_headers.SecurityHeadersMiddleware",
    # A list of people is mostly repetition. The random length of padding that this adds hides from somebody who watches
    # the line how much a page repeats of the text that they sent (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    "config.metrics.MetricsMiddleware",
    "config.request_log.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "accounts.middleware.CleanInputMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
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
            "libraries": {"heroicons": "config.icons"},  # so it is no app
            "builtins": ["template_partials.templatetags.partials"],  # as in Django 6: nothing to load
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "joins.context.counts",
                "joins.context.wish",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # templates/django/forms/ may override a field

# The whole of a form. 1,000 fields, so that who decides too many requests at once is told how many are possible.
DATA_UPLOAD_MAX_MEMORY_SIZE = 65_536  # bytes
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
DATA_UPLOAD_MAX_NUMBER_FILES = 0  # there are no uploads (T73)

# Rate limits are counted here: shared by all processes, and there when Redis is not (F09).
CACHES = {"default": backends.COUNTS}

# Mail. Without a mail server the mails are kept as files.
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"
if MAIL_SERVER:
    vars().update(MAIL_SERVER)
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_TIMEOUT = 10  # seconds that the server may take for a line; Django's own is for ever (F23)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.sender("DEFAULT_FROM_EMAIL", f"Homeroom <homeroom@{SITE.hostname}>")

# Work after the request. Requests write rows; only worker and beat need the broker.
BROKER_DIR = VAR_DIR / "broker"
CELERY_BROKER_URL = REDIS_URL or "filesystem://here"  # kombu wants a host, and does not use it
CELERY_BROKER_TRANSPORT_OPTIONS = backends.REDIS if REDIS_URL else backends.file_broker(BROKER_DIR)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_ACCEPT_CONTENT = ["json"]
# Acknowledged as they begin, as Celery does by default: what a lost worker had begun is a tick that was missed, and
# beat sends the next one. Acknowledged at the end, what ends its worker would come back again and again (F04, F26).
CELERY_TASK_ACKS_LATE = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SOFT_TIME_LIMIT = 60  # seconds; then it is asked to stop, in the middle of a mail too (F23)
CELERY_TASK_TIME_LIMIT = 90  # seconds; then it is killed (F30)
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = bool(REDIS_URL)  # the file broker would keep its messages for ever
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat")

# For those who look after it: the log; figures, and errors, off where nothing is set.
LOGGING = logs.settings(env.choice("LOG_FORMAT", ["line", "json"]))
LOGGING_CONFIG = "config.logs.configure"
METRICS_TOKEN = env.token("METRICS_TOKEN")
SENTRY_DSN = env.sentry("SENTRY_DSN")
if SENTRY_DSN:
    from config import sentry

    sentry.start(SENTRY_DSN)

# Time is stored in UTC and shown in each person's zone; this is the school's, a new account's default.
TIME_ZONE = env.time_zone("TIME_ZONE", "UTC")
LANGUAGE_CODE = "en-gb"

# Static files: hashed names, so that browsers keep them for ever. While developing they come as they are.
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
WHITENOISE_ALLOW_ALL_ORIGINS = False  # nobody else builds on our files
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.static.JoinedFiles",
]
_AS_THEY_COME = "django.contrib.staticfiles.storage.StaticFilesStorage"
_HASHED = "whitenoise.storage.CompressedManifestStaticFilesStorage"
STORAGES = {"staticfiles": {"BACKEND": _AS_THEY_COME if DEBUG else _HASHED}}

env.number("WEB_CONCURRENCY", 1, 1, 100)  # gunicorn reads it by itself, and says nothing that helps
misspelt.refuse(os.environ, env.READ | {"POSTGRES_PASSWORD"})  # which compose alone reads
