"""The broker of the embedded default, while a worker looks again and again for what beat writes."""

from queue import Empty
from threading import Thread

from kombu import Connection

from config import connections


def test_a_worker_never_reads_half_a_message(tmp_path):
    options = connections.file_broker(tmp_path / "broker")
    calls, arrived = range(2000), []

    def beat():
        with Connection("filesystem://here", transport_options=options).channel() as channel:
            for number in calls:
                channel._put("celery", {"call": number})

    calling = Thread(target=beat)
    with Connection("filesystem://here", transport_options=options).channel() as channel:
        calling.start()
        while calling.is_alive() or channel._size("celery"):
            try:
                arrived.append(channel._get("celery")["call"])
            except Empty:
                continue
    calling.join()

    assert sorted(arrived) == list(calls)
    assert list((tmp_path / "broker").iterdir()) == []
