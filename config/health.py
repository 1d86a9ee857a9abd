"""Health checks for load balancers and `docker compose`.

/healthz answers while the process lives. /readyz says whether the parts work that the process needs.
"""

import os
import time
from functools import cache as once

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpResponse, JsonResponse
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe
from redis import Redis, RedisError

LONGEST_WITHOUT_TICK = 180  # seconds; beat sends one every 30


@login_not_required
@require_safe
def healthz(request):
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
def readyz(request):
    """Report each part as JSON. 503 only if no page can work, that is without the database.

    Without broker, beat or worker only mail is late (F06, F09). "proxies" is false if requests come through fewer
    proxies than TRUSTED_PROXIES says (T100).
    """
    applied = _applied_migrations()
    pages = {
        "database": applied is not None,
        "migrations": applied is not None and migrations_of_this_code() <= applied,
    }
    age = seconds_since_tick()
    others = {
        "broker": _broker_answers(),
        # A tick that is to come shows that the clock was set back. Clocks of two machines may differ a little (F21).
        "jobs": age is not None and abs(age) < LONGEST_WITHOUT_TICK,
        "proxies": import_string("accounts.proxies.all_arrive")(),
    }
    return JsonResponse(pages | others, status=200 if all(pages.values()) else 503)


def record_now(name):
    """Record that this has just happened. Names are "tick" and "backup"; manage.py note_backup records the latter."""
    cache.set(name, time.time(), timeout=None)


def seconds_since(*names):
    """Return {name: seconds since it was last recorded}; None for a name that never was."""
    recorded = cache.get_many(names)
    return {name: time.time() - recorded[name] if name in recorded else None for name in names}


def seconds_since_tick():
    """Return the seconds since the last tick; None if there was none, or if the database does not answer."""
    try:
        return seconds_since("tick")["tick"]
    except Error:
        return None


@once
def migrations_of_this_code():
    """Return the migrations of this code. During an upgrade the database may have newer ones as well (F27)."""
    return frozenset(MigrationLoader(None).disk_migrations)


def lacks_migrations():
    """Return whether the database answers but `manage.py prepare` has not run since this code was installed."""
    applied = _applied_migrations()
    return applied is not None and not migrations_of_this_code() <= applied


def _applied_migrations():
    try:
        return MigrationRecorder(connection).applied_migrations().keys()
    except Error:
        return None


def _broker_answers():
    if settings.REDIS_URL is None:
        return os.access(settings.BROKER_DIR, os.W_OK)
    try:
        with broker() as redis:
            return redis.ping()
    except RedisError:
        return False


def broker():
    """Return a client of REDIS_URL that waits for a second at most. Use it in a `with` block, which closes it."""
    return Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1)
