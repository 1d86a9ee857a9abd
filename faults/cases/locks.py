"""F15, F17: rows that somebody else holds."""

from contextlib import ExitStack
from threading import Event
from time import monotonic

from faults.registry import fault

HELD = 30  # seconds
LONGEST = 3  # seconds until who waits is told to try again
OTHERS = 1  # second for who joins another class; but where a process learns that the class is held, LONGEST
ONE_CLASS = 30  # who press again and again at the class that is held
TRY_AGAIN = 5  # seconds; Retry-After
DEADLOCKS = 3  # a round
CROWD = 24
DEADLOCK = "deadlock detected"


@fault("F15", "One class's row locked for 30 s", rounds=1)
def row_locked(scene):
    stuck, free = scene.room(), scene.room()
    students, others, pause, told, elsewhere = scene.students(ONE_CLASS), scene.students(120), Event(), [], []
    with scene.meanwhile(lambda student: student.join(free), scene.students(ONE_CLASS)) as usual:
        pass

    def again_and_again(student):
        while (answer := student.join(stuck)).is_error:
            told.append(answer.seconds)
            pause.wait(TRY_AGAIN)
        return answer

    # Held before anybody sets out, or they might all be in by then, and let go before they are waited for.
    with ExitStack() as crowd, scene.premises.held(stuck):
        answers = crowd.enter_context(scene.meanwhile(again_and_again, students))
        began = monotonic()
        while monotonic() < began + HELD and others:
            elsewhere.append(others.pop().join(free).seconds)
            pause.wait(0.2)
    compare(scene, max(answer.seconds for answer in usual), max(told), sorted(elsewhere))
    scene.demand(all(answer.status == 302 for answer in answers), "who tried again did not get in")
    scene.demand_kindness(students)


def compare(scene, usual, longest, elsewhere):
    """How long who wanted in was kept before being told, and how long who joined another class.

    `usual` is what so many at once take where nothing is held: on a busy machine that is long too.
    """
    often = elsewhere[len(elsewhere) * 19 // 20 - 1]
    for what, seconds in [("so many at once usually", usual), ("told after", longest)]:
        scene.see(what, seconds, "s")
    for what, seconds in [("another class, 19 of 20", often), ("at most", elsewhere[-1])]:
        scene.see(what, seconds, "s")
    scene.demand(longest <= LONGEST + usual, f"told after {longest:.1f} s only")
    scene.demand(elsewhere[-1] <= LONGEST + usual, f"another class waited {elsewhere[-1]:.1f} s")
    scene.demand(often <= OTHERS + usual, f"another class often waited {often:.1f} s")


@fault("F17", "Deadlocks and serialization failures")
def undone(scene):
    room, postgres = scene.room(), scene.premises.postgres
    before = postgres.said(DEADLOCK)
    for student in scene.students(DEADLOCKS):
        deadlock(scene, room, student)
    scene.demand(postgres.said(DEADLOCK) - before >= DEADLOCKS, "there was no deadlock")
    serializable(scene, room)


def deadlock(scene, room, student):
    """Somebody holds the student's row and wants the class's, which the join holds; PostgreSQL ends the join.

    The student's row is held before the join begins, or the join might be over by then. The transaction ends before
    the join is waited for, so it is no block around it.
    """
    with scene.premises.postgres.beside() as other:
        other.execute("SET deadlock_timeout = '20s'")  # so that it is not this session that gives way
        other.execute("BEGIN")
        other.execute("SELECT 1 FROM accounts_user WHERE username = %s FOR UPDATE", [student.username])
        with scene.meanwhile(lambda one: one.join(room), [student]) as answers:
            scene.premises.wait_for_who_waits_for(other)
            other.execute(
                "SELECT 1 FROM classroom_classroom WHERE public_id = %s FOR UPDATE", [room.public_id]
            )
            other.execute("COMMIT")
    scene.see("in, in spite of a deadlock, after", answers[0].seconds, "s")
    scene.demand(answers[0].status == 302, "a join was not run again after a deadlock")


def serializable(scene, room):
    """The strictest of PostgreSQL's isolations, as an operator may set it; transactions undo one another then."""
    role, students = "ALTER ROLE homeroom", scene.students(CROWD)
    scene.premises.postgres.ask(f"{role} SET default_transaction_isolation = 'serializable'")
    scene.premises.end_sessions()
    scene.rush(room, students, lambda: None)
    scene.premises.postgres.ask(f"{role} RESET default_transaction_isolation")
    scene.premises.end_sessions()
    scene.demand_kindness(students)
