"""F12 to F14, F16: the database is stopped, loses its sessions, is killed, or has no connection left."""

import signal
from contextlib import ExitStack, suppress
from threading import Event

from psycopg import OperationalError

from faults.premises import END_SESSIONS
from faults.registry import fault
from faults.servers import ROLE

CROWD = 40
AT_ONCE = 12  # students who press at the same moment
AWAY = 2  # seconds
BACK = 10  # seconds at most


def demand_quick_recovery(scene, back):
    scene.record_figure("back after", back, "s")
    scene.demand(back <= BACK, f"back after {back:.1f} s only")


@fault("F12", "PostgreSQL stopped in mid-request")
def postgres_stopped(scene):
    room, students, postgres = scene.room(), scene.students(CROWD), scene.premises.postgres
    webs = scene.premises.web_processes()

    def inject():
        postgres.stop()
        Event().wait(AWAY)
        postgres.start()

    demand_quick_recovery(scene, scene.rush(room, students, inject, AT_ONCE, in_flight=True))
    scene.demand_polite_errors([*students, room.owner], sessions_may_break=True)
    scene.demand(webs == scene.premises.web_processes(), "a web process was started anew")


@fault("F13", "Sessions killed")
def sessions_killed(scene):
    room, students = scene.room(), scene.students(CROWD)

    def inject():
        scene.record_figure("sessions killed", scene.premises.end_sessions(), "")

    demand_quick_recovery(scene, scene.rush(room, students, inject, AT_ONCE, in_flight=True))
    scene.demand_polite_errors([*students, room.owner], sessions_may_break=True)


@fault("F14", "kill -9 of the postmaster")
def postmaster_killed(scene):
    room, students, postgres = scene.room(), scene.students(CROWD), scene.premises.postgres

    def inject():
        postgres.stop(signal.SIGKILL)
        postgres.start()

    demand_quick_recovery(scene, scene.rush(room, students, inject, AT_ONCE, in_flight=True))
    scene.demand_polite_errors([*students, room.owner], sessions_may_break=True)


@fault("F16", "Connections exhausted")
def connections_exhausted(scene):
    room, students = scene.room(), scene.students(CROWD)

    def inject():
        with scene.premises.postgres.superuser_connection() as operator, ExitStack() as taken:
            scene.record_figure("connections taken", take_all(scene.premises, operator, taken), "")
            Event().wait(AWAY)

    demand_quick_recovery(scene, scene.rush(room, students, inject, AT_ONCE, in_flight=True))
    scene.demand_polite_errors([*students, room.owner], sessions_may_break=True)
    met = [answer for student in students for answer in student.answers if answer.status == 503]
    scene.demand(met, "nobody met the fault")


def take_all(premises, operator, taken):
    """Take every connection: the free ones, the reserved ones, and Homeroom's by ending its sessions."""
    so_many = 0
    while True:
        with suppress(OperationalError):
            while True:
                taken.enter_context(premises.postgres.superuser_connection())
                so_many += 1
        if not operator.execute(END_SESSIONS, [ROLE]).fetchall():
            return so_many
