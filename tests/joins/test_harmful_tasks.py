"""A task that kills its process, or never ends, keeps no other task waiting."""

import pytest
from django.conf import settings

from config import backends
from config.file_broker import Transport
from joins.tasks import lock_due_codes
from tests.joins.harmful import end_the_process, never_end
from tests.joins.worker import Worker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["files", pytest.param("redis", marks=pytest.mark.redis)])
def working(request, tmp_path):
    """A worker with one process that knows harmful tasks and has short time limits. It is stopped after the test."""
    brokers = {
        "files": {"transport": Transport, "transport_options": backends.file_broker(tmp_path / "broker")},
        "redis": {"hostname": settings.REDIS_URL, "transport_options": backends.REDIS},
    }
    address = settings.REDIS_URL if request.param == "redis" else None
    environ = {"VAR_DIR": str(tmp_path), "EMAIL_URL": None, "REDIS_URL": address}
    environ["DJANGO_SETTINGS_MODULE"] = "tests.joins.impatient"
    (tmp_path / "broker").mkdir(exist_ok=True)
    worker = Worker(brokers[request.param], environ)
    yield worker
    worker.stop()


@pytest.mark.fault("F04", "F26")
def test_what_ends_its_process_is_not_brought_again(working):
    """It was acknowledged at its start. If it were delivered again, it would kill one process after the other."""
    working.send(end_the_process)
    working.read(lambda line: "error: billiard.exceptions.WorkerLostError" in line)

    lines = working.run(lock_due_codes)

    assert not [line for line in lines if "end_the_process" in line]


@pytest.mark.fault("F30")
def test_what_does_not_end_is_killed_once_and_the_next_has_its_turn(working):
    # Seconds; they travel with the message. The worker looks once a second at what is over, more seldom on a busy
    # machine. Where both are over at one look, it only kills.
    working.send(never_end, soft_time_limit=1, time_limit=8)

    lines = working.read(lambda line: "Hard time limit (8s) exceeded" in line)
    working.run(lock_due_codes)

    assert len([line for line in lines if "Soft time limit (1s) exceeded" in line]) == 1
