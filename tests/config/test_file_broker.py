"""The broker of the embedded default, while a worker polls for the tasks that beat sends."""

import os

from kombu import Connection

from config import backends
from config.file_broker import Transport


def test_a_worker_sees_a_message_only_once_it_is_whole(tmp_path, monkeypatch):
    options, seen, name = backends.file_broker(tmp_path / "broker"), [], os.replace
    with Connection(transport=Transport, transport_options=options).channel() as channel:

        def look_and_name(half, whole):
            seen.append((channel._size("celery"), half.read_text()))
            name(half, whole)

        monkeypatch.setattr(os, "replace", look_and_name)
        channel._put("celery", {"call": 1})

        assert seen == [(0, '{"call": 1}')]
        assert channel._get("celery") == {"call": 1}
    assert list((tmp_path / "broker").iterdir()) == []
