"""F01 to F04: beat is down, late, or runs twice; a task is delivered many times."""

import shutil
from pathlib import Path
from time import monotonic

from faults.elsewhere import knowing
from faults.registry import fault
from faults.timetable import age, is_stamped, locked_itself, memory, runs, stamps, strike
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
    strike(scene, room)
    shown = 'data-code-state="locked"' in room.owner.look(room.path).page
    scene.demand(shown, "the page does not say that it is locked")
    with scene.meanwhile(lambda student: student.join(room), late) as answers:
        pass
    scene.demand({answer.leads_to for answer in answers} == {"/"}, "somebody did not knock")
    scene.demand(
        is_stamped(scene, room) and stamps(scene, room) == 1, "the first use does not write it down, once"
    )
    scene.history.owe(*locked_itself(room))


@fault("F02", "Beat off for three days, then on")
def beat_late(scene):
    rooms, premises = [scene.room() for _ in range(3)], scene.premises
    premises.school.stop("beat")
    for room in rooms:
        for student in scene.students(4):
            student.ask(room)
        strike(scene, room)
        scene.history.owe(*locked_itself(room))
    premises.minutes_pass(3 * 24 * 60)
    age(premises.school.environ["VAR_DIR"], days=3)
    since, before = premises.school.log.stat().st_size, len(premises.mails.mails)
    began = monotonic()
    premises.start("beat")
    seconds = scene.seconds_until(lambda: all(is_stamped(scene, room) for room in rooms))
    scene.demand(scene.mails_come(), "what was owed does not come")
    scene.see("caught up in", seconds, "s")
    # On a busy machine the mails take a while, so the next sweep may be due before they have come.
    sweeps = runs(premises, SWEEP, since)
    scene.demand(sweeps <= 1 + (monotonic() - began) // SWEEPS_EVERY, f"the sweep ran {sweeps} times")
    mails = len(premises.mails.mails) - before
    scene.see("mails to one teacher", mails / len(rooms), "")
    # One about the requests, and one about the lock, which is recorded later.
    scene.demand(mails <= 2 * len(rooms), f"a storm of {mails} mails")


@fault("F03", "Two beats")
def two_beats(scene):
    rooms, premises = [scene.room() for _ in range(4)], scene.premises
    premises.school.stop("beat")
    folder = premises.school.environ["VAR_DIR"]
    other = Path(f"{folder}-elsewhere")
    other.mkdir(exist_ok=True)
    for room in rooms:
        for student in scene.students(4):
            student.ask(room)
        strike(scene, room)
        scene.history.owe(*locked_itself(room))
    # Everything is due for both at the same moment.
    age(folder, hours=1)
    for file in Path(folder).glob("beat*"):
        shutil.copy(file, other)
    assert Path(memory(other)).parent == other
    since = premises.school.log.stat().st_size
    with knowing(premises.school, VAR_DIR=str(other)):
        premises.school.start("beat elsewhere", "beat")
    premises.start("beat")
    until(lambda: runs(premises, SWEEP, since), lambda times: times >= 2)
    scene.demand(scene.mails_come(), "what was owed does not come")
    premises.school.stop("beat elsewhere")
    scene.demand({stamps(scene, room) for room in rooms} == {1}, "a lock is written down twice")


@fault("F04", "Every task delivered eight times")
def task_twice(scene):
    rooms, premises = [scene.room() for _ in range(4)], scene.premises
    for name in (*WORKERS, "beat"):
        premises.school.stop(name)
    premises.redis.client.flushall()
    for room in rooms:
        for student in scene.students(2):
            student.ask(room)
        strike(scene, room)
        scene.history.owe(*locked_itself(room))
    for task in (SWEEP, DELIVER, LETTERS):
        premises.call(task)
    same = premises.redis.client.lrange("celery", 0, -1)
    for message in same * (COPIES - 1):
        premises.redis.client.rpush("celery", message)
    premises.minutes_pass(1)
    since = premises.school.log.stat().st_size
    for name in WORKERS:
        premises.start(name)
    for task in (SWEEP, DELIVER):
        until(lambda task=task: runs(premises, task, since), lambda times: times >= COPIES)
    scene.demand({stamps(scene, room) for room in rooms} == {1}, "a lock is written down twice")
    scene.see("times", COPIES, "")
