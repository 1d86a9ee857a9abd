"""F12 to F14, F16: the database is stopped, loses its sessions, is killed, or has no connection left."""

import signal
from contextlib import ExitStack, suppress
from threading import Event

from psycopg import OperationalError

from faults.premises import END_SESSIONS
from faults.registry import fault
from faults.servers import OF_THE_SITE

CROWD = 40
AT_ONCE = 12  # students who press at the same moment
AWAY = 2  # seconds
BACK = 10  # seconds at most


def goes_on(scene, back):
    scene.see("back after", back, "s")
    scene.demand(back <= BACK, f"back after {back:.1f} s only")


@fault("F12", "PostgreSQL stopped in mid-request")
def postgres_stopped(scene):
    room, students, postgres = scene.room(), scene.students(CROWD), scene.premises.postgres
    webs = scene.premises.web_processes()

    def strike():
        postgres.stop()
        Event().wait(AWAY)
        postgres.start()

    goes_on(scene, scene.rush(room, students, strike, AT_ONCE, in_flight=True))
    scene.demand_kindness([*students, room.owner], sessions_may_break=True)
    scene.demand(webs == scene.premises.web_processes(), "a web process was started anew")


@fault("F13", "Sessions killed")
def sessions_killed(scene):
    room, students = scene.room(), scene.students(CROWD)

    def strike():
        scene.see("sessions killed", scene.premises.end_sessions(), "")

    goes_on(scene, scene.rush(room, students, strike, AT_ONCE, in_flight=True))
    scene.demand_kindness([*students, room.owner], sessions_may_break=True)


@fault("F14", "kill -9 of the postmaster")
def postmaster_killed(scene):
    room, students, postgres = scene.room(), scene.students(CROWD), scene.premises.postgres

    def strike():
        postgres.stop(signal.SIGKILL)
        postgres.start()

    goes_on(scene, scene.rush(room, students, strike, AT_ONCE, in_flight=True))
    scene.demand_kindness([*students, room.owner], sessions_may_break=True)


@fault("F16", "Connections exhausted")
def connections_exhausted(scene):
    room, students = scene.room(), scene.students(CROWD)

    def strike():
        with scene.premises.postgres.beside() as operator, ExitStack() as taken:
            scene.see("connections taken", take_all(scene.premises, operator, taken), "")
            Event().wait(AWAY)

    goes_on(scene, scene.rush(room, students, strike, AT_ONCE, in_flight=True))
    scene.demand_kindness([*students, room.owner], sessions_may_break=True)
    met = [answer for student in students for answer in student.answers if answer.status == 503]
    scene.demand(met, "nobody met the fault")


def take_all(premises, operator, taken):
    """Take every connection: the free ones, the reserved ones, and Homeroom's by ending its sessions."""
    so_many = 0
    while True:
        with suppress(OperationalError):
            while True:
                taken.enter_context(premises.postgres.beside())
                so_many += 1
        if not operator.execute(END_SESSIONS, [OF_THE_SITE]).fetchall():
            return so_many
