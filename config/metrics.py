"""/metrics, for Prometheus, which brings METRICS_TOKEN; where that is not set there is none, and nothing is counted.

Labels are names of routes, statuses, acts and doors: bounded, and nobody's (T13). What is asked of the database is the
same in every process; what is counted is of this web server, all its processes together.
"""

import os
from secrets import compare_digest

from django.apps import apps
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import Error, transaction
from django.db.models import Min
from django.db.models.functions import Now
from django.db.models.signals import post_save
from django.http import HttpResponse
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY
from redis import RedisError

from config.celery import app as celery
from config.health import broker, tick_age

METHODS = {"GET", "HEAD", "POST"}
TEXT = "text/plain; version=0.0.4; charset=utf-8"
REQUESTS = Counter("homeroom_requests", "Requests answered.", ["method", "route", "status"])
SECONDS = Histogram(
    "homeroom_request_seconds",
    "Time to an answer, in seconds.",
    ["route"],
    buckets=[0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
)
ACTS = Counter("homeroom_acts", "What people did in classes, by the door they came by.", ["act", "door"])


def count(method, route, status, seconds):
    if settings.METRICS_TOKEN:
        REQUESTS.labels(method if method in METHODS else "other", route, status).inc()
        SECONDS.labels(route).observe(seconds)


def count_act(sender, instance, created, **_):
    """An Event, once it is committed. Bulk decisions write theirs in one statement: they count as requests only."""

    def add():
        ACTS.labels(instance.kind, instance.door).inc()

    if created and settings.METRICS_TOKEN:
        transaction.on_commit(add, robust=True)


post_save.connect(count_act, sender="classroom.Event", dispatch_uid="count_act")


class Scraped:
    """Answers before hosts and https are looked at: Prometheus asks each web server by its address, from inside."""

    def __init__(self, get_response):
        if not settings.METRICS_TOKEN:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.wanted = f"Bearer {settings.METRICS_TOKEN}".encode()

    def __call__(self, request):
        brought = request.headers.get("Authorization", "").encode()
        if request.path == "/metrics" and compare_digest(brought, self.wanted):
            return HttpResponse(told(), content_type=TEXT)
        return self.get_response(request)


def told():
    counted = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        counted = CollectorRegistry()
        MultiProcessCollector(counted)
    asked = CollectorRegistry()
    asked.register(Asked())
    return generate_latest(counted) + generate_latest(asked)


class Asked:
    """What the database and the broker say at this moment. What cannot be asked is left out."""

    def collect(self):
        for name, help_text, ask in GAUGES:
            try:
                value = ask()
            except (Error, RedisError):
                continue
            if value is not None:
                yield GaugeMetricFamily(f"homeroom_{name}", help_text, value=value)


def _rows(model, rows):
    return getattr(apps.get_model(model).objects, rows)()


def _seconds(rows, field):
    """How long ago the earliest of these moments was, by the database's clock; 0 where there are no rows."""
    earliest, now = rows.aggregate(earliest=Min(field), now=Min(Now())).values()
    return (now - earliest).total_seconds() if earliest else 0


def _broker_messages():
    if not settings.REDIS_URL:
        return None
    with broker() as asked:
        return asked.llen(celery.conf.task_default_queue)


def _of_promises(name, model):
    """How many mails of this kind wait, for how long, and how many were given up."""
    return [
        (f"{name}_unsent", "Not sent and not given up.", lambda: _rows(model, "waiting").count()),
        (
            f"{name}_unsent_seconds",
            "Age of the oldest not sent and not given up.",
            lambda: _seconds(_rows(model, "waiting"), "created_at"),
        ),
        (f"{name}_parked", "Given up.", lambda: _rows(model, "parked").count()),
    ]


GAUGES = [
    *_of_promises("digests", "accounts.Digest"),
    *_of_promises("letters", "accounts.Letter"),
    (
        "codes_due",
        "Codes the clock has locked and no worker has stamped.",
        lambda: _rows("joins.JoinCode", "due").count(),
    ),
    (
        "codes_due_seconds",
        "How long ago the first of them locked.",
        lambda: _seconds(_rows("joins.JoinCode", "due"), "locks_at"),
    ),
    ("wrong_codes", "Wrong Codes in ten minutes.", lambda: _rows("joins.Guess", "recent").count()),
    (
        "wrong_codes_of_strangers",
        "Of these the ones from networks that are not known; no Code is taken there from 300 on.",
        lambda: _rows("joins.Guess", "of_strangers").count(),
    ),
    ("tick_seconds", "How long ago beat, broker and a worker last worked together.", tick_age),
    ("broker_messages", "Tasks that wait for a worker.", _broker_messages),
]
