"""F05 to F08: processes that are killed in the middle of their work."""

import signal
from threading import Event

from faults.premises import sigkill
from faults.registry import fault
from tests.deployed.school import AT_MOST, until

CROWD = 40
AT_ONCE = 12  # students who press at the same moment
LEASE = 10  # minutes; then another worker may send a mail that a dead one had claimed
BACKLOG = 120  # ticks of beat in an hour
SOON = 30  # seconds until a backlog is gone
WORKERS = ("worker 1", "worker 2")


@fault("F05", "kill -9 of the worker in the middle of a mail", rounds=4, least=2)
def worker_killed(scene):
    """By turns before the mail server has the mail, and when it has it but has not confirmed it."""
    room, killed, premises = scene.room(), Event(), scene.premises

    def inject():
        premises.kill(*WORKERS)
        killed.set()

    moment = ("before DATA", "after DATA")[len(scene.rooms) % 2]
    premises.mails.callbacks[moment] = inject
    scene.students(1)[0].ask(room)
    scene.history.crashes += 1
    until(lambda: premises.send_task() or killed.is_set())
    premises.repair()
    premises.minutes_pass(LEASE)
    scene.wait_for_mails()


@fault("F06", "No worker for an hour")
def no_worker(scene):
    room, premises = scene.room(), scene.premises
    for name in WORKERS:
        premises.school.stop(name)
    joins = [student.join(room) for student in scene.students(8)]
    waiting = scene.students(4)
    requests = [student.ask(room) for student in waiting]
    acts = [room.approve(*waiting[:2]), room.lock(), scene.students(1)[0].join(room)]
    scene.demand(all(answer.status == 302 for answer in [*joins, *requests, *acts]), "a page needed a worker")
    premises.minutes_pass(60)
    for _ in range(BACKLOG):
        premises.send_task()
    premises.repair()
    seconds = scene.seconds_until(lambda: not premises.redis.client.llen("celery"))
    scene.record_figure("backlog gone after", seconds, "s")
    scene.demand(seconds <= SOON, "the backlog stays")
    scene.demand(scene.wait_for_mails(call=False), "a mail stays")


@fault("F07", "kill -9 of a gunicorn worker during joins")
def web_killed(scene):
    room, students, premises = scene.room(), scene.students(CROWD), scene.premises

    def inject():
        for pid in premises.web_processes():
            sigkill(pid)

    scene.record_figure("back after", scene.rush(room, students, inject, AT_ONCE, in_flight=True), "s")
    scene.demand_polite_errors([*students, room.owner], connections_may_break=True)


@fault("F08", "kill -9 of everything right after a commit")
def all_killed(scene):
    room, students, premises = scene.room(), scene.students(4), scene.premises
    for student in students:
        student.ask(room)
    premises.kill()
    premises.redis.stop(signal.SIGKILL)
    premises.postgres.stop(signal.SIGKILL)
    seconds = scene.seconds_until(lambda: premises.repair() or True)
    scene.record_figure("all started again in", seconds, "s")
    scene.demand(scene.wait_for_mails(call=False, seconds=AT_MOST), "a notice did not go out")
