"""Several people try to get the last place at the same moment."""

import pytest

from accounts.models import Notification
from classroom.exceptions import NotAMember
from classroom.models import Event
from joins import sentences
from joins.acts import leak
from joins.acts.by_code import use_code
from joins.acts.move_to_queue import move_to_queue
from joins.exceptions import CodeChanged, UnknownCode
from joins.models import JoinCode
from tests.factories import StudentFactory
from tests.joins.races import ROUNDS, count_joined, count_waiting, raised, run_together, will_use_code

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.threat("T30")]


@pytest.mark.rule("J1", "J2")
@pytest.mark.threat("T82")
def test_the_last_place_is_given_once_and_the_crowd_is_told_of_once(fresh_class, owner):
    for _ in ROUNDS:
        classroom, code = fresh_class()
        # A person can wait for this many classes at most (T33).
        students = [StudentFactory() for _ in range(5)]
        classroom.edit(by=owner, expected_size=2)  # so three can join

        outcomes = run_together(*[will_use_code(code, student) for student in students])

        assert (count_joined(outcomes), count_waiting(outcomes)) == (3, 2)
        assert classroom.memberships.plain().count() == 3
        assert classroom.events.filter(kind=Event.Kind.LOCK_CROWDED_CODE).count() == 1
        told = Notification.objects.filter(topic=classroom.public_id, kind=sentences.CODE_CROWDED)
        assert told.count() == 2
        assert JoinCode.objects.get_current(classroom).crowded


@pytest.mark.rule("K8")
@pytest.mark.threat("T78")
def test_nobody_is_in_by_the_leaked_code_once_the_report_is_answered(fresh_class, owner):
    """Anybody who was just joining waits or was refused."""
    students = [StudentFactory() for _ in range(4)]
    for _ in ROUNDS:
        classroom, code = fresh_class()

        *joins, gone = run_together(
            *[will_use_code(code, one) for one in students],
            lambda code=code: leak.report_leak(code, by=owner).moved,
        )

        assert not classroom.memberships.plain().exists()
        assert classroom.join_requests.pending().count() == gone == count_joined(joins)
        assert gone + len(raised(joins, UnknownCode)) == 4


@pytest.mark.rule("J10")
@pytest.mark.threat("T79")
def test_two_managers_report_one_leak(fresh_class, owner, co_teacher):
    student = StudentFactory()
    for _ in ROUNDS:
        classroom, code = fresh_class()
        use_code(code.code, by=student)

        acts = [lambda code=code, by=by: leak.report_leak(code, by=by).moved for by in (owner, co_teacher)]
        outcomes = run_together(*acts)

        assert (outcomes.count(1), len(raised(outcomes, CodeChanged))) == (1, 1)
        assert (classroom.join_codes.count(), classroom.join_requests.count()) == (2, 1)


@pytest.mark.threat("T86")
def test_moved_to_queue_and_removed_at_once_is_one_of_them(fresh_class, owner, co_teacher):
    student = StudentFactory()
    for _ in ROUNDS:
        classroom, code = fresh_class()
        use_code(code.code, by=student)
        member = classroom.memberships.get(user=student)

        outcomes = run_together(
            lambda classroom=classroom: move_to_queue(classroom, student.username, by=owner),
            lambda member=member: member.remove(by=co_teacher, keep_out=True),
        )

        assert len(raised(outcomes, NotAMember)) == 1
        assert classroom.join_requests.count() == outcomes.count(student)
        assert not classroom.memberships.plain().exists()
