"""For load balancers and `docker compose`: is the process alive, and does what it needs answer?"""

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

LONGEST_WITHOUT_TICK = 180  # seconds; beat calls every 30


@login_not_required
@require_safe
def healthz(request):
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
def readyz(request):
    """503 only where no page can work: without broker, beat and worker merely the mail is late (F06, F09).

    Fewer proxies than promised are told of as well, and stop nothing (T100).
    """
    applied = _applied_migrations()
    pages = {"database": applied is not None, "migrations": applied is not None and ours() <= applied}
    age = tick_age()
    rest = {
        "broker": _broker_answers(),
        "jobs": age is not None and age < LONGEST_WITHOUT_TICK,
        "proxies": import_string("accounts.proxies.arrive")(),
    }
    return JsonResponse(pages | rest, status=200 if all(pages.values()) else 503)


def tick():
    """A worker has heard beat through the broker, just now."""
    note("tick")


def note(sign):
    """Of "tick" and "backup", which the command note_backup notes: that it happened just now."""
    cache.set(sign, time.time(), timeout=None)


def ages(*signs):
    """Seconds since each was last noted; None where it never was."""
    noted = cache.get_many(signs)
    return {sign: time.time() - noted[sign] if sign in noted else None for sign in signs}


def tick_age():
    """Seconds since the last tick; None where there was none, or cannot be asked."""
    try:
        return ages("tick")["tick"]
    except Error:
        return None


@once
def ours():
    """The migrations that this code was written for; a newer code's may be applied as well (F27)."""
    return frozenset(MigrationLoader(None).disk_migrations)


def _applied_migrations():
    try:
        return MigrationRecorder(connection).applied_migrations().keys()
    except Error:
        return None


def _broker_answers():
    if settings.REDIS_URL is None:
        return os.access(settings.BROKER_DIR, os.W_OK)
    try:
        with broker() as asked:
            return asked.ping()
    except RedisError:
        return False


def broker():
    """The Redis of REDIS_URL, asked for a second at most; closed at the end of a `with`."""
    return Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1)
