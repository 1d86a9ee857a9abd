"""Settings of the yardstick, a bare Django site on Homeroom's database.

It has Django's sessions, CSRF protection and authentication. From Homeroom it takes only the database connection, the
secret key, the names of the cookies and the password hasher.
"""

from config import backends, env
from config.settings import CSRF_COOKIE_NAME, SECRET_KEY, SESSION_COOKIE_NAME, VAR_DIR

__all__ = ["CSRF_COOKIE_NAME", "SECRET_KEY", "SESSION_COOKIE_NAME"]
ALLOWED_HOSTS = ["127.0.0.1"]
DATABASES = {"default": backends.database(env.database("DATABASE_URL"), VAR_DIR / "yardstick.sqlite3")}
INSTALLED_APPS = [
    "bench.yardstick",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates"}]
ROOT_URLCONF = "bench.yardstick.urls"
AUTH_USER_MODEL = "yardstick.User"
PASSWORD_HASHERS = ["config.hashers.Argon2"]  # the same as the product's, for a fair comparison
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS = ["auth.E003"]
USE_TZ = True
