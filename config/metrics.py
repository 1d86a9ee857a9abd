"""/metrics, for a Prometheus that sends METRICS_TOKEN. If no token is set, the page is missing and nothing is counted.

Labels are names of routes, statuses, acts and doors: there are few, and none says anything about a person (T13).
Counters are the sums of all processes of this web server. Gauges are read from the database, the broker and the disk.
"""

import os
import shutil
from contextlib import suppress
from datetime import timedelta
from secrets import compare_digest

from django.apps import apps
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import MiddlewareNotUsed
from django.db import Error, transaction
from django.db.models import Count, Min, Q
from django.db.models.functions import Now
from django.db.models.signals import post_save
from django.http import HttpResponse
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY
from redis import RedisError

from config import health
from config.celery import app as celery

METHODS = {"GET", "HEAD", "POST"}
TEXT = "text/plain; version=0.0.4; charset=utf-8"
REQUESTS = Counter("homeroom_requests", "Requests answered.", ["method", "route", "status"])
SECONDS = Histogram(
    "homeroom_request_seconds",
    "Time to an answer, in seconds.",
    ["route"],
    buckets=[0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
)
ACTS = Counter("homeroom_acts", "Acts of people in classes, by Code, Join URL or slip.", ["act", "door"])

LOG_INS_FAILED = Counter("homeroom_log_ins_failed", "Failed log-ins, by reason.", ["reason"])


def count(method, route, status, seconds):
    if settings.METRICS_TOKEN:
        REQUESTS.labels(method if method in METHODS else "other", route, status).inc()
        SECONDS.labels(route).observe(seconds)


def count_act(sender, instance, created, **_):
    """Count an Event after its commit. Bulk decisions send no post_save, so they are counted only as requests."""

    def add():
        ACTS.labels(instance.kind, instance.door).inc()

    if created and settings.METRICS_TOKEN:
        transaction.on_commit(add, robust=True)


post_save.connect(count_act, sender="classroom.Event", dispatch_uid="count_act")


def count_failure(sender, reason="wrong_password", **_):
    """Count a failed log-in. accounts.adapter and accounts.forms send the signal."""
    if settings.METRICS_TOKEN:
        LOG_INS_FAILED.labels(reason).inc()


user_login_failed.connect(count_failure, dispatch_uid="count_failure")


class MetricsMiddleware:
    """Answers /metrics before the host and https are checked.

    Prometheus asks each web server by its own address, from inside the network.
    """

    def __init__(self, get_response):
        if not settings.METRICS_TOKEN:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.wanted = f"Bearer {settings.METRICS_TOKEN}".encode()

    def __call__(self, request):
        brought = request.headers.get("Authorization", "").encode()
        if request.path == "/metrics" and compare_digest(brought, self.wanted):
            return HttpResponse(all_metrics(), content_type=TEXT)
        return self.get_response(request)


def all_metrics():
    counters = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        counters = CollectorRegistry()
        MultiProcessCollector(counters)
    gauges = CollectorRegistry()
    gauges.register(GaugeCollector())
    return generate_latest(counters) + generate_latest(gauges)


class GaugeCollector:
    """A collector that asks the database, the broker and the disk. What does not answer is left out."""

    def collect(self):
        for read in GAUGES:
            with suppress(Error, RedisError, OSError):
                yield from list(read())


def _gauge(name, value):
    return GaugeMetricFamily(f"homeroom_{name}", DESCRIPTIONS[name], value=value)


def _gauge_by(label, name, values):
    family = GaugeMetricFamily(f"homeroom_{name}", DESCRIPTIONS[name], labels=[label])
    for known, value in values.items():
        family.add_metric([known], value)
    return family


def _rows(model, rows):
    return getattr(apps.get_model(model).objects, rows)()


def _waiting(name, model, rows, field):
    """Count these rows and the seconds since the oldest, by the database's clock; 0 seconds if there is none."""

    def read():
        found = _rows(model, rows).aggregate(count=Count("pk"), first=Min(field), now=Min(Now()))
        yield _gauge(name, found["count"])
        waited = (found["now"] - found["first"]).total_seconds() if found["first"] else 0
        yield _gauge(f"{name}_seconds", waited)

    return read


def _count(name, model, rows):
    return lambda: [_gauge(name, _rows(model, rows).count())]


def _accounts():
    people = _rows("accounts.User", "not_erased")
    is_new = Q(date_joined__gt=Now() - timedelta(days=1))
    found = people.values("kind").annotate(all=Count("pk"), new=Count("pk", filter=is_new)).order_by()
    counts = {row["kind"]: row for row in found}
    for name, which in (("accounts", "all"), ("accounts_new", "new")):
        by_kind = {kind: counts[kind][which] if kind in counts else 0 for kind in people.model.Kind.values}
        yield _gauge_by("kind", name, by_kind)


def _seconds_since():
    ages = health.seconds_since("tick", "backup")
    return [_gauge(f"{name}_seconds", -1 if age is None else age) for name, age in ages.items()]


def _broker():
    if settings.REDIS_URL:
        with health.broker() as redis:
            yield _gauge("broker_messages", redis.llen(celery.conf.task_default_queue))


def _disk():
    disk = shutil.disk_usage(settings.VAR_DIR)
    return [_gauge("disk_free_ratio", disk.free / disk.total)]


DESCRIPTIONS = {
    "digests_unsent": "Mails about classes that wait to be sent.",
    "digests_unsent_seconds": "Age of the oldest of them, in seconds.",
    "digests_parked": "Mails about classes that were given up.",
    "letters_unsent": "Mails about accounts that wait to be sent.",
    "letters_unsent_seconds": "Age of the oldest of them, in seconds.",
    "letters_parked": "Mails about accounts that were given up.",
    "codes_due": "Codes that have locked themselves and whose lock is not recorded yet.",
    "codes_due_seconds": "Seconds since the first of them locked itself.",
    "join_requests_pending": "Join requests that wait for a decision.",
    "join_requests_pending_seconds": "Age of the oldest of them, in seconds.",
    "wrong_codes": "Wrong Codes in the last ten minutes.",
    "wrong_codes_of_strangers": "Those of them from unknown networks; at 300 no Code works there any more.",
    "accounts": "Accounts, without erased ones.",
    "accounts_new": "Those of them that were created within the last day.",
    "tick_seconds": "Seconds since beat, broker and a worker last worked together; -1 for never.",
    "backup_seconds": "Seconds since bin/backup last finished; -1 for never.",
    "broker_messages": "Tasks that wait for a worker.",
    "disk_free_ratio": "Free part of the disk with VAR_DIR, from 0 to 1.",
}
GAUGES = [
    _waiting("digests_unsent", "accounts.Digest", "waiting", "created_at"),
    _count("digests_parked", "accounts.Digest", "given_up"),
    _waiting("letters_unsent", "accounts.Letter", "waiting", "created_at"),
    _count("letters_parked", "accounts.Letter", "given_up"),
    _waiting("codes_due", "joins.JoinCode", "due", "locks_at"),
    _waiting("join_requests_pending", "joins.JoinRequest", "pending", "asked_at"),
    _count("wrong_codes", "joins.Guess", "recent"),
    _count("wrong_codes_of_strangers", "joins.Guess", "from_unknown_networks"),
    _accounts,
    _seconds_since,
    _broker,
    _disk,
]
