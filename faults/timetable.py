"""Moments that come and go without waiting for them, and what beat remembers."""

import re
import shelve
import time
from datetime import timedelta
from pathlib import Path

STRIKE = "UPDATE joins_joincode SET locks_at = now() - interval '1 second' WHERE code = %s"
STAMPS = "SELECT count(*) FROM classroom_event WHERE kind = 'lock_code' AND by_id IS NULL AND code = %s"
LOCKED = "SELECT locked_at = locks_at FROM joins_joincode WHERE code = %s"


def strike(scene, room):
    """The moment has come at which the room's Code locks itself."""
    scene.premises.postgres.ask(STRIKE, room.code)
    scene.history.shut(room.code, time.time())


def locked_itself(room):
    """The mail by which the owner is told of it."""
    return room.owner.email, f"The Code of {room.name} has locked itself."


def is_stamped(scene, room):
    return scene.premises.postgres.ask(LOCKED, room.code) == [(True,)]


def stamps(scene, room):
    """How often it is written in the history."""
    return scene.premises.postgres.ask(STAMPS, room.code)[0][0]


def runs(premises, task, since=0):
    """How often a worker has run it, as its log tells, from this byte on."""
    log = premises.school.log.read_bytes()[since:].decode(errors="replace")
    return len(re.findall(rf"Task {re.escape(task)}\[[^\]]+\] succeeded", log))


def memory(folder):
    """Where a beat with this VAR_DIR remembers when it last called for what."""
    return str(Path(folder) / "beat")


def age(folder, **span):
    """As if that beat had been off for so long."""
    with shelve.open(memory(folder)) as remembered:  # noqa: S301 — beat wrote it
        entries = remembered["entries"]
        for entry in entries.values():
            entry.last_run_at -= timedelta(**span)
        remembered["entries"] = entries
