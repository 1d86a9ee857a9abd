"""F09 to F11: Redis is stopped, frozen, or emptied."""

from faults.browsers import logged_out_person
from faults.registry import fault

CROWD = 8
TRIES = 6  # wrong passwords; five are allowed in five minutes
LATER = 1  # seconds at most that a frozen broker may add to an answer


@fault("F09", "Redis stopped")
def redis_stopped(scene):
    room, known, new = scene.room(), scene.students(CROWD), scene.strangers(CROWD // 2)
    scene.premises.redis.stop()
    with scene.meanwhile(lambda student: student.join(room), known) as joins:
        signs_up = [student.sign_up(room) for student in new]
    request = scene.students(1)[0].ask(room)
    scene.demand_polite_errors([*known, *new])
    scene.demand(not any(answer.is_error for answer in [*joins, *signs_up, request]), "a page needed Redis")
    guesser = logged_out_person(known[0].username)
    guesses = [scene.person(guesser).log_in("wrong").status for _ in range(TRIES)]
    scene.demand(guesses[-1] == 429, f"a limit did not hold: {guesses}")
    scene.premises.redis.start()
    scene.demand(scene.wait_for_mails(call=False), "beat and worker have not come back by themselves")


@fault("F10", "Redis frozen")
def redis_frozen(scene):
    room, before, during = scene.room(), scene.students(CROWD), scene.students(CROWD)
    usual = max(student.join(room).seconds for student in before)
    scene.premises.redis.freeze()
    answers = [student.join(room) for student in during]
    request = scene.students(1)[0].ask(room)
    longest = max(answer.seconds for answer in [*answers, request])
    scene.premises.redis.thaw()
    scene.record_figure("added at most", max(longest - usual, 0), "s")
    scene.demand(longest - usual <= LATER, f"{longest - usual:.1f} s more")
    scene.demand_polite_errors(during)
    scene.demand(scene.wait_for_mails(call=False), "beat and worker have not come back by themselves")


@fault("F11", "Redis emptied")
def redis_emptied(scene):
    room, students = scene.room(), scene.students(CROWD)
    requests = [student.ask(room) for student in students]
    scene.premises.redis.client.flushall()
    joins = [student.join(room) for student in students]
    scene.demand(not any(answer.is_error for answer in [*requests, *joins]), "a page needed Redis")
    latecomer = scene.students(1)[0]
    latecomer.ask(room)
    scene.premises.redis.client.flushall()
    scene.demand(scene.wait_for_mails(call=False), "an expected mail was lost with Redis")
