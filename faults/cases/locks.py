"""F15 and F17: rows that another session has locked."""

from contextlib import ExitStack
from threading import Event
from time import monotonic

from faults.registry import fault

HELD = 30  # seconds
LONGEST = 3  # seconds until somebody who waits is told to try again
OTHERS = 1  # second for joining another class; LONGEST if the process has just learned that the row is locked
ONE_CLASS = 30  # students who keep trying to join the class whose row is locked
TRY_AGAIN = 5  # seconds, as Retry-After says
DEADLOCKS = 3  # a round
CROWD = 24
DEADLOCK = "deadlock detected"


@fault("F15", "One class's row locked for 30 s", rounds=1)
def row_locked(scene):
    stuck, free = scene.room(), scene.room()
    students, others = scene.students(ONE_CLASS), scene.students(120)
    pause, waits, other_class = Event(), [], []  # how long each of them waited, in seconds
    with scene.meanwhile(lambda student: student.join(free), scene.students(ONE_CLASS)) as usual:
        pass

    def keep_trying(student):
        while (answer := student.join(stuck)).is_error:
            waits.append(answer.seconds)
            pause.wait(TRY_AGAIN)
        return answer

    # Lock the row before anybody starts, because otherwise all might be in already. Release it before waiting for the
    # answers.
    with ExitStack() as crowd, scene.premises.class_row_locked(stuck):
        answers = crowd.enter_context(scene.meanwhile(keep_trying, students))
        began = monotonic()
        while monotonic() < began + HELD and others:
            other_class.append(others.pop().join(free).seconds)
            pause.wait(0.2)
    compare(scene, max(answer.seconds for answer in usual), max(waits), sorted(other_class))
    scene.demand(all(answer.status == 302 for answer in answers), "who tried again did not get in")
    scene.demand_polite_errors(students)


def compare(scene, usual, longest, other_class):
    """Check how long people waited until they were told to try again, and how long others took to join another class.

    `usual` is how long so many at once take if no row is locked; on a busy machine that is long too.
    """
    often = other_class[len(other_class) * 19 // 20 - 1]
    for what, seconds in [("so many at once usually", usual), ("told after", longest)]:
        scene.record_figure(what, seconds, "s")
    for what, seconds in [("another class, 19 of 20", often), ("at most", other_class[-1])]:
        scene.record_figure(what, seconds, "s")
    scene.demand(longest <= LONGEST + usual, f"told after {longest:.1f} s only")
    scene.demand(other_class[-1] <= LONGEST + usual, f"another class waited {other_class[-1]:.1f} s")
    scene.demand(often <= OTHERS + usual, f"another class often waited {often:.1f} s")


@fault("F17", "Deadlocks and serialization failures")
def undone(scene):
    room, postgres = scene.room(), scene.premises.postgres
    before = postgres.count_in_log(DEADLOCK)
    for student in scene.students(DEADLOCKS):
        deadlock(scene, room, student)
    scene.demand(postgres.count_in_log(DEADLOCK) - before >= DEADLOCKS, "there was no deadlock")
    serializable(scene, room)


def deadlock(scene, room, student):
    """Another session locks the student's row and then wants the class's, which the join has locked.

    PostgreSQL then aborts the join. The student's row is locked before the join begins, which might be over otherwise.
    The transaction has to end before we wait for the join's answer, so it is not a `with` block.
    """
    with scene.premises.postgres.superuser_connection() as other:
        other.execute("SET deadlock_timeout = '20s'")  # so that PostgreSQL does not abort this session
        other.execute("BEGIN")
        other.execute("SELECT 1 FROM accounts_user WHERE username = %s FOR UPDATE", [student.username])
        with scene.meanwhile(lambda one: one.join(room), [student]) as answers:
            scene.premises.wait_until_blocked_by(other)
            other.execute(
                "SELECT 1 FROM classroom_classroom WHERE public_id = %s FOR UPDATE", [room.public_id]
            )
            other.execute("COMMIT")
    scene.record_figure("in, in spite of a deadlock, after", answers[0].seconds, "s")
    scene.demand(answers[0].status == 302, "a join was not run again after a deadlock")


def serializable(scene, room):
    """PostgreSQL's strictest isolation level, which an operator may set: concurrent transactions abort each other."""
    role, students = "ALTER ROLE homeroom", scene.students(CROWD)
    scene.premises.postgres.query(f"{role} SET default_transaction_isolation = 'serializable'")
    scene.premises.end_sessions()
    scene.rush(room, students, lambda: None)
    scene.premises.postgres.query(f"{role} RESET default_transaction_isolation")
    scene.premises.end_sessions()
    scene.demand_polite_errors(students)
