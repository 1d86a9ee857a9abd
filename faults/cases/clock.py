"""F21: wrong clocks. Web servers that are a month off, a database whose clock is set back, and summer time."""

from contextlib import contextmanager
from datetime import datetime
from glob import glob
from os import environ
from pathlib import Path
from time import time

from bench.school import PASSWORD
from faults.environment import extra_environment, restart
from faults.registry import fault
from faults.time_travel import is_lock_recorded, make_lock_due
from tests.deployed.school import until
from tests.deployed.visitor import Proxy

AN_HOUR, A_MONTH = 3600, 30 * 86_400  # seconds
LIBRARY = "/usr/lib/*/faketime/libfaketime.so.1"
TICK, TICKS = 3, 4  # seconds between two of the fastest tasks, and how many of them we count
CALLED = '"Scheduler: Sending due task mail codes and links'
AUTUMN, SPRING = "2026-10-25 00:59:55", "2026-03-29 00:59:55"  # UTC, seconds before Berlin's clocks change


def shifted_clock(seconds, **more):
    """Return variables that shift a Python process's clock by `seconds`."""
    return {"PYTHONPATH": f"{Path.cwd()}/faults/wrong_clock", "WRONG_CLOCK": str(seconds), **more}


@fault("F21", "Clocks: web a month off, the database's and beat's set back an hour, summer time", rounds=1)
def clocks(scene):
    web_servers(scene)
    database_set_back(scene)
    beat_set_back(scene)
    for moment in (AUTUMN, SPRING):
        summer_time(scene, moment)


def web_servers(scene):
    """One web server's clock is a month ahead, the other's a month behind; both give the same answers.

    How long a log-in lasts depends on the web server's clock, so each person uses only one of the two.
    """
    room, students, premises = scene.room(), scene.students(8), scene.premises
    restart(premises, "web 1", **shifted_clock(A_MONTH))
    restart(premises, "web 2", **shifted_clock(-A_MONTH))
    for number, student in enumerate(students):
        student.proxy = Proxy([list(premises.ports.values())[number % 2]])
        scene.until_answered(lambda student=student: student.log_in(PASSWORD))
    joins = [student.join(room) for student in students[:4]]
    scene.demand({answer.leads_to for answer in joins} == {room.path}, "an unlocked Code did not let in")
    make_lock_due(scene, room)
    requests = [student.join(room) for student in students[4:]]
    scene.demand({answer.leads_to for answer in requests} == {"/"}, "a locked Code let somebody in")
    restart(premises, "web 1", "web 2")


def database_set_back(scene):
    """PostgreSQL's clock is shifted by Debian's libfaketime, because time_machine works only in Python."""
    if not glob(LIBRARY):
        scene.record_figure("database's clock not moved: no libfaketime", 0, "")
        return
    room, students, premises = scene.room(), scene.students(3), scene.premises
    make_lock_due(scene, room)
    students[0].join(room)
    scene.demand(is_lock_recorded(scene, room), "the first use did not record the lock")
    premises.postgres.stop()
    with process_environment(LD_PRELOAD=glob(LIBRARY)[0], FAKETIME="-1h"):
        premises.postgres.start()
    back = premises.postgres.query("SELECT extract(epoch FROM now())")[0][0]
    scene.demand(float(back) < datetime.now().timestamp() - 3500, "the database's clock is right")
    scene.until_answered(lambda: students[1].join(room))
    scene.demand(students[1].answers[-1].leads_to == "/", "a lock came undone with the clock")
    premises.postgres.stop()
    premises.postgres.start()
    scene.until_answered(lambda: students[2].join(room))


def beat_set_back(scene):
    """A beat that is restarted after its clock was set back sends tasks as fast as ever.

    Until then it sends nothing, because Celery waits for its next moment by the clock. No task is needed for a lock.
    """
    premises = scene.premises
    premises.school.stop("beat")  # otherwise we would count its calls too
    memory = premises.folder / "beat-set-back"
    memory.mkdir(exist_ok=True)
    for seconds in (0, -AN_HOUR):
        since = premises.school.log.stat().st_size
        with extra_environment(premises.school, **shifted_clock(seconds, VAR_DIR=str(memory))):
            premises.school.start("beat set back", "beat")
        took = scene.seconds_until(lambda since=since: count_calls(premises, since) >= TICKS)
        premises.school.stop("beat set back")
    premises.start("beat")
    scene.record_figure(f"beat set back and restarted: {TICKS} ticks in", took, "s")


def summer_time(scene, moment):
    """In Berlin an hour comes twice, or not at all. Beat uses UTC, so it sends tasks as fast as ever."""
    premises = scene.premises
    premises.school.stop("beat")  # otherwise we would count its calls too
    memory = premises.folder / f"beat-{moment[5:7]}"
    memory.mkdir(exist_ok=True)
    since = premises.school.log.stat().st_size
    seconds = datetime.fromisoformat(f"{moment}+00:00").timestamp() - time()
    wrong = shifted_clock(int(seconds), TIME_ZONE="Europe/Berlin", VAR_DIR=str(memory))
    with extra_environment(premises.school, **wrong):
        premises.school.start("beat in Berlin", "beat")
    until(lambda: count_calls(premises, since))
    since = premises.school.log.stat().st_size
    seconds = scene.seconds_until(lambda: count_calls(premises, since) >= TICKS)
    premises.school.stop("beat in Berlin")
    premises.start("beat")
    scene.demand(seconds > TICKS * TICK / 2, f"{TICKS} ticks in {seconds:.1f} s")


def count_calls(premises, since):
    return premises.school.log.read_bytes()[since:].decode(errors="replace").count(CALLED)


@contextmanager
def process_environment(**known):
    """Processes that this one starts in the block have these variables."""
    environ.update(known)
    try:
        yield
    finally:
        for name in known:
            del environ[name]
