import time

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from config import health
from config.celery import tick


def test_alive_without_asking_the_database(client):
    assert client.get("/healthz").status_code == 200


@pytest.mark.fault("F06", "F09")
def test_ready_says_each_part(client, db):
    """Pages work without worker and beat, so these two don't make the site unready."""
    answer = client.get("/readyz")

    parts = {"database": True, "migrations": True, "broker": True, "jobs": False, "proxies": True}
    assert (answer.status_code, answer.json()) == (200, parts)


def test_the_jobs_are_well_while_beat_broker_and_worker_work_together(client, db):
    tick()
    assert client.get("/readyz").json()["jobs"] is True

    cache.set("tick", time.time() - health.LONGEST_WITHOUT_TICK)
    assert client.get("/readyz").json()["jobs"] is False


@pytest.mark.fault("F21")
def test_the_jobs_are_not_well_if_the_last_tick_is_to_come(client, db):
    """The clock was set back, and beat waits until it has caught up."""
    cache.set("tick", time.time() + health.LONGEST_WITHOUT_TICK + 1)

    assert client.get("/readyz").json()["jobs"] is False


@pytest.mark.fault("F27")
def test_not_ready_before_the_migrations_of_this_very_code(client, db):
    """Migrations of a newer release do no harm, but a missing one does."""
    MigrationRecorder(connection).record_applied("joins", "9999_of_tomorrow")
    assert client.get("/readyz").status_code == 200

    MigrationRecorder(connection).record_unapplied("joins", "0001_squashed")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["migrations"]) == (503, False)


def test_readiness_is_cheap(client, db, count_queries):
    client.get("/readyz")

    with count_queries(2):  # whether there is a table of migrations, and what it holds
        client.get("/readyz")


def test_not_ready_without_the_database(client, monkeypatch):
    def gone():
        raise OperationalError

    monkeypatch.setattr(connection, "cursor", gone)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["database"] is False
