"""A site as it is deployed."""

from urllib.parse import urlsplit

import pytest

from config import backends

SCHOOL = "https://school.example"


@pytest.fixture
def school(settings):
    """On https behind one proxy, with Redis."""
    settings.SITE, settings.SITE_URL, settings.ON_HTTPS = urlsplit(SCHOOL), SCHOOL, True
    settings.ALLOWED_HOSTS, settings.CSRF_TRUSTED_ORIGINS = ["school.example"], [SCHOOL]
    settings.SECURE_SSL_HOST = "school.example"
    settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 31_536_000, True
    settings.TRUSTED_PROXIES = settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.REDIS_URL = "redis://:opensesame@redis.school.example"
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = backends.REDIS
    return settings
