"""F01 to F04: beat is down, late, or runs twice; a task is delivered many times."""

import shutil
from pathlib import Path
from time import monotonic

from faults.environment import extra_environment
from faults.registry import fault
from faults.time_travel import (
    count_runs,
    is_lock_recorded,
    lock_mail,
    locks_in_history,
    make_lock_due,
    pretend_beat_was_off,
    schedule_file,
)
from tests.deployed.school import until

CROWD = 8
SWEEPS_EVERY = 30  # seconds
SWEEP, DELIVER, LETTERS = (
    "joins.tasks.lock_due_codes",
    "accounts.tasks.deliver_digests",
    "accounts.tasks.deliver_letters",
)
COPIES = 8  # of each message
WORKERS = ("worker 1", "worker 2")


@fault("F01", "No beat")
def no_beat(scene):
    room, premises = scene.room(), scene.premises
    premises.school.stop("beat")
    early, late = scene.students(CROWD), scene.students(CROWD)
    with scene.meanwhile(lambda student: student.join(room), early):
        pass
    make_lock_due(scene, room)
    is_shown_locked = 'data-code-state="locked"' in room.owner.look(room.path).page
    scene.demand(is_shown_locked, "the page does not say that it is locked")
    with scene.meanwhile(lambda student: student.join(room), late) as answers:
        pass
    scene.demand({answer.leads_to for answer in answers} == {"/"}, "somebody did not have to ask")
    is_recorded_once = is_lock_recorded(scene, room) and locks_in_history(scene, room) == 1
    scene.demand(is_recorded_once, "the first use does not record the lock once")
    scene.history.expect_mail(*lock_mail(room))


@fault("F02", "Beat off for three days, then on")
def beat_late(scene):
    rooms, premises = [scene.room() for _ in range(3)], scene.premises
    premises.school.stop("beat")
    for room in rooms:
        for student in scene.students(4):
            student.ask(room)
        make_lock_due(scene, room)
        scene.history.expect_mail(*lock_mail(room))
    premises.minutes_pass(3 * 24 * 60)
    pretend_beat_was_off(premises.school.environ["VAR_DIR"], days=3)
    since, before = premises.school.log.stat().st_size, len(premises.mails.mails)
    began = monotonic()
    premises.start("beat")
    seconds = scene.seconds_until(lambda: all(is_lock_recorded(scene, room) for room in rooms))
    scene.demand(scene.wait_for_mails(), "an expected mail does not come")
    scene.record_figure("caught up in", seconds, "s")
    # On a busy machine the mails take a while, so the next sweep may be due before they have come.
    sweeps = count_runs(premises, SWEEP, since)
    scene.demand(sweeps <= 1 + (monotonic() - began) // SWEEPS_EVERY, f"the sweep ran {sweeps} times")
    mails = len(premises.mails.mails) - before
    scene.record_figure("mails to one teacher", mails / len(rooms), "")
    # One about the requests, and one about the lock, which is recorded later.
    scene.demand(mails <= 2 * len(rooms), f"a storm of {mails} mails")


@fault("F03", "Two beats")
def two_beats(scene):
    rooms, premises = [scene.room() for _ in range(4)], scene.premises
    premises.school.stop("beat")
    folder = premises.school.environ["VAR_DIR"]
    other = Path(f"{folder}-of-the-other")
    other.mkdir(exist_ok=True)
    for room in rooms:
        for student in scene.students(4):
            student.ask(room)
        make_lock_due(scene, room)
        scene.history.expect_mail(*lock_mail(room))
    # Everything is due for both at the same moment.
    pretend_beat_was_off(folder, hours=1)
    for file in Path(folder).glob("beat*"):
        shutil.copy(file, other)
    assert Path(schedule_file(other)).parent == other
    since = premises.school.log.stat().st_size
    with extra_environment(premises.school, VAR_DIR=str(other)):
        premises.school.start("beat 2", "beat")
    premises.start("beat")
    until(lambda: count_runs(premises, SWEEP, since), lambda times: times >= 2)
    scene.demand(scene.wait_for_mails(), "an expected mail does not come")
    premises.school.stop("beat 2")
    scene.demand({locks_in_history(scene, room) for room in rooms} == {1}, "a lock is recorded twice")


@fault("F04", "Every task delivered eight times")
def task_twice(scene):
    rooms, premises = [scene.room() for _ in range(4)], scene.premises
    for name in (*WORKERS, "beat"):
        premises.school.stop(name)
    premises.redis.client.flushall()
    for room in rooms:
        for student in scene.students(2):
            student.ask(room)
        make_lock_due(scene, room)
        scene.history.expect_mail(*lock_mail(room))
    for task in (SWEEP, DELIVER, LETTERS):
        premises.send_task(task)
    same = premises.redis.client.lrange("celery", 0, -1)
    for message in same * (COPIES - 1):
        premises.redis.client.rpush("celery", message)
    premises.minutes_pass(1)
    since = premises.school.log.stat().st_size
    for name in WORKERS:
        premises.start(name)
    for task in (SWEEP, DELIVER):
        until(lambda task=task: count_runs(premises, task, since), lambda times: times >= COPIES)
    scene.demand({locks_in_history(scene, room) for room in rooms} == {1}, "a lock is recorded twice")
    scene.record_figure("times", COPIES, "")
