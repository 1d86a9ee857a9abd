"""F26 and F30: mails and tasks that raise an error, kill their worker, or never end."""

from pathlib import Path
from threading import Event

from faults.digests import Digest, ask_to_join, expect_no_mails
from faults.environment import restart
from faults.registry import fault
from tests.deployed.school import until

WORKERS = ("worker 1", "worker 2")
TRIES = 3
LEASE = 10  # minutes; then another worker may send a mail that a dead one had claimed
NO_ADDRESS = "UPDATE {} SET email = %s WHERE email = %s"
ENDS, NEVER_ENDS = "tests.joins.harmful.end_the_process", "tests.joins.harmful.never_end"
IMPATIENT = {"DJANGO_SETTINGS_MODULE": "tests.joins.impatient", "PYTHONPATH": str(Path.cwd())}
STOPPED, KILLED = "Soft time limit (1s) exceeded", "Hard time limit (3s) exceeded"


@fault("F26", "Poison: a mail that breaks our code, one that ends its worker, a task that does", rounds=1)
def poison(scene):
    breaks_our_code(scene)
    ends_its_worker(scene)
    restart(scene.premises, *WORKERS, **IMPATIENT)
    for _ in WORKERS:
        scene.premises.send_task(ENDS)
    ask_to_join(scene, scene.room())
    scene.demand(scene.wait_for_mails(), "the queue stands still")
    restart(scene.premises, *WORKERS)


def breaks_our_code(scene):
    room, premises = scene.room(), scene.premises
    wrong = f"{room.owner.email}\nBcc: all@evil.example"
    students, _ = ask_to_join(scene, room)
    for table in ("accounts_user", "account_emailaddress"):
        premises.postgres.query(NO_ADDRESS.format(table), wrong, room.owner.email)
    digest = Digest(scene, room, wrong)

    def is_tried(times):
        return digest.tries >= times and (digest.is_given_up or digest.minutes < LEASE)

    for times in range(1, TRIES + 1):
        until(lambda times=times: premises.send_task() or is_tried(times))
        premises.minutes_pass(60)
    scene.demand(digest.is_given_up and digest.tries == TRIES, "it is not given up after three tries")
    expect_no_mails(scene, room, students)


def ends_its_worker(scene):
    room, premises = scene.room(), scene.premises
    students, _ = ask_to_join(scene, room)
    for _ in range(TRIES):
        killed = Event()
        premises.mails.callbacks["before DATA"] = lambda killed=killed: (
            premises.kill(*WORKERS),
            killed.set(),
        )
        until(lambda killed=killed: premises.send_task() or killed.is_set())
        premises.repair()
        premises.minutes_pass(LEASE)
    until(lambda: premises.send_task() or Digest(scene, room).is_given_up)
    expect_no_mails(scene, room, students)


@fault("F30", "A task that does not end, a task whose process is killed", rounds=1)
def limits(scene):
    """A task's message may have its own limits, so this needs no 60 and 90 seconds."""
    room, premises = scene.room(), scene.premises
    restart(premises, *WORKERS, **IMPATIENT)
    since = premises.school.log.stat().st_size
    for _ in WORKERS:
        premises.broker.send_task(NEVER_ENDS, soft_time_limit=1, time_limit=3)
    premises.send_task(ENDS)
    ask_to_join(scene, room)
    scene.demand(scene.wait_for_mails(), "the queue stands still")

    def count_in_log(words):
        return premises.school.log.read_bytes()[since:].decode(errors="replace").count(words)

    until(lambda: count_in_log(KILLED), lambda times: times >= len(WORKERS))
    scene.demand(count_in_log(STOPPED) == len(WORKERS), "it was not asked to stop, once")
    scene.demand(count_in_log(KILLED) == len(WORKERS), "it was killed more than once")
    restart(premises, *WORKERS)
