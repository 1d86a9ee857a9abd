"""The tasks in a real worker, sent through a real broker."""

import pytest
from django.conf import settings

from accounts.tasks import deliver_digests
from config import backends
from config.file_broker import Transport
from joins.tasks import lock_due_codes
from tests.clock import time_passes
from tests.joins.worker import Worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rule("K6", "N2")]


@pytest.fixture
def working(tmp_path):
    """working(broker, REDIS_URL=…) -> a worker with its own VAR_DIR, where its mails go. It is stopped after the
    test."""
    started = []

    def start(broker, **environ):
        started.append(Worker(broker, {"VAR_DIR": str(tmp_path), "EMAIL_URL": None, **environ}))
        return started[0]

    yield start
    for worker in started:
        worker.stop()


def see_the_jobs_done(worker, biology_code, ms_okafor, mails):
    """The task is sent twice, but the lock is recorded and notified once. Then the notification is mailed."""
    time_passes(days=20)
    worker.run(lock_due_codes)
    worker.run(lock_due_codes)

    assert biology_code().locked_at == biology_code().locks_at
    assert ms_okafor.notifications.get().sentence.startswith("The Code of Biology 9B has locked.")

    time_passes(minutes=16)
    worker.run(deliver_digests)

    letters = [letter.read_text() for letter in mails.iterdir()]
    assert sorted("To: okafor@school.example" in letter for letter in letters) == [False, True]
    assert all("The Code of Biology 9B has locked." in letter for letter in letters)


def test_the_embedded_default_works_without_any_server(working, tmp_path, biology_code, ms_okafor):
    folder = tmp_path / "broker"
    broker = {"transport": Transport, "transport_options": backends.file_broker(folder)}
    worker = working(broker, REDIS_URL=None)

    see_the_jobs_done(worker, biology_code, ms_okafor, tmp_path / "mail")

    assert list(folder.glob("*.msg")) == []


@pytest.mark.redis
def test_a_worker_on_redis_does_the_same(working, tmp_path, biology_code, ms_okafor):
    broker = {"hostname": settings.REDIS_URL, "transport_options": backends.REDIS}
    worker = working(broker, REDIS_URL=settings.REDIS_URL)

    see_the_jobs_done(worker, biology_code, ms_okafor, tmp_path / "mail")
