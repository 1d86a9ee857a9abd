"""Moves moments in the database and in beat's schedule file, so that nobody has to wait for them."""

import re
import shelve
import time
from datetime import timedelta
from pathlib import Path

MAKE_LOCK_DUE = "UPDATE joins_joincode SET locks_at = now() - interval '1 second' WHERE code = %s"
LOCKS_IN_HISTORY = (
    "SELECT count(*) FROM classroom_event WHERE kind = 'lock_code' AND by_id IS NULL AND code = %s"
)
IS_LOCK_RECORDED = "SELECT locked_at = locks_at FROM joins_joincode WHERE code = %s"


def make_lock_due(scene, room):
    """Let the moment come at which the class's Code locks itself."""
    scene.premises.postgres.query(MAKE_LOCK_DUE, room.code)
    scene.history.code_closed(room.code, time.time())


def lock_mail(room):
    """Return the mail that tells the owner of the lock."""
    return room.owner.email, f"The Code of {room.name} has locked."


def is_lock_recorded(scene, room):
    return scene.premises.postgres.query(IS_LOCK_RECORDED, room.code) == [(True,)]


def locks_in_history(scene, room):
    """Return how often the class's History has the lock."""
    return scene.premises.postgres.query(LOCKS_IN_HISTORY, room.code)[0][0]


def count_runs(premises, task, since=0):
    """Count how often workers have run the task, by their log from byte `since` on."""
    log = premises.school.log.read_bytes()[since:].decode(errors="replace")
    return len(re.findall(rf"Task {re.escape(task)}\[[^\]]+\] succeeded", log))


def schedule_file(folder):
    """Return the path of beat's schedule file: when it last sent each task."""
    return str(Path(folder) / "beat")


def pretend_beat_was_off(folder, **span):
    """Make the schedule file look as if beat had been off for so long."""
    with shelve.open(schedule_file(folder)) as remembered:  # noqa: S301 — beat wrote it
        entries = remembered["entries"]
        for entry in entries.values():
            entry.last_run_at -= timedelta(**span)
        remembered["entries"] = entries
