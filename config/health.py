"""For load balancers and `docker compose`: is the process alive, and does what it needs answer?"""

import os

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from redis import Redis, RedisError


@login_not_required
@require_safe
def healthz(request):
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
def readyz(request):
    """503 only without the database: pages work without the broker, which merely makes mail late (F09)."""
    database = _database_answers()
    parts = {"database": database, "broker": _broker_answers()}
    return JsonResponse(parts, status=200 if database else 503)


def _database_answers():
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def _broker_answers():
    if settings.REDIS_URL is None:
        return os.access(settings.BROKER_DIR, os.W_OK)
    try:
        return Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1).ping()
    except RedisError:
        return False
