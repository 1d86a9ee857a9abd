"""Two windows, or a whole class, act at the same moment."""

import pytest
from django.test import Client

from accounts.models import Notification, User
from classroom.exceptions import AlreadyMember, Refusal
from classroom.models import Event, Membership
from joins.acts import clock
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from joins.acts.join_result import JoinResult
from joins.exceptions import UnknownCode
from tests.factories import StudentFactory
from tests.joins.races import ROUNDS, count_joined, count_waiting, decide, raised, run_together, will_use_code
from tests.joins.test_sign_up_with_code import GRACE

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.mark.rule("K8")
@pytest.mark.threat("T78")
def test_nobody_gets_in_by_the_old_code_once_the_reset_is_answered(fresh_class, owner):
    students = [StudentFactory() for _ in range(4)]
    for _ in ROUNDS:
        classroom, code = fresh_class()

        def reset_and_count(classroom=classroom, code=code):
            code.reset(by=owner)
            return classroom.memberships.count()

        *joins, when_answered = run_together(
            *[will_use_code(code, student) for student in students], reset_and_count
        )

        assert classroom.memberships.count() == when_answered
        assert 2 + count_joined(joins) == when_answered
        assert count_joined(joins) + len(raised(joins, UnknownCode)) == 4


@pytest.mark.rule("K7")
@pytest.mark.threat("T78", "T31")
def test_nobody_walks_in_once_the_lock_is_answered(fresh_class, owner):
    """People who are too late have to ask."""
    for _ in ROUNDS:
        classroom, code = fresh_class()
        students = [StudentFactory() for _ in range(4)]

        def lock_and_count(classroom=classroom, code=code):
            code.lock(by=owner)
            return classroom.memberships.count()

        *joins, when_answered = run_together(
            *[will_use_code(code, student) for student in students], lock_and_count
        )

        assert classroom.memberships.count() == when_answered == 2 + count_joined(joins)
        assert count_waiting(joins) == 4 - count_joined(joins)


@pytest.mark.rule("J10")
@pytest.mark.threat("T84")
def test_joining_from_two_windows_is_one_membership(fresh_class):
    student = StudentFactory()
    for _ in ROUNDS:
        classroom, code = fresh_class()

        outcomes = run_together(will_use_code(code, student), will_use_code(code, student))

        assert (count_joined(outcomes), len(raised(outcomes, AlreadyMember))) == (1, 1)
        assert classroom.events.filter(kind=Event.Kind.JOIN).count() == 1


@pytest.mark.rule("J8", "J10")
@pytest.mark.threat("T84")
@pytest.mark.parametrize("door", ["locked Code", "Join URL", "both"])
def test_asking_from_two_windows_is_one_request_told_once(fresh_class, owner, co_teacher, door):
    for _ in ROUNDS:
        classroom, code = fresh_class()
        student = StudentFactory()  # a person can wait for this many classes at most (T33)
        code.lock(by=owner)
        by_url = lambda classroom=classroom, by=student: ask_by_join_url(classroom.join_url, by)  # noqa: E731
        by_code = lambda code=code, by=student: use_code(code.code, by).join_request  # noqa: E731
        acts = {"locked Code": (by_code, by_code), "Join URL": (by_url, by_url), "both": (by_code, by_url)}

        first, second = run_together(*acts[door])

        assert first == second == classroom.join_requests.get()
        assert Notification.objects.filter(about=first.about).count() == 2


@pytest.mark.rule("N3")
def test_many_who_ask_at_once_are_one_notification_to_each_manager(fresh_class, owner, co_teacher):
    """Also if a manager reads it at the same moment: then it is unread, or was read with the last of them in it."""
    for _ in ROUNDS:
        classroom, _code = fresh_class()
        students = [StudentFactory() for _ in range(3)]
        asks = [lambda by=student: ask_by_join_url(classroom.join_url, by) for student in students]  # noqa: B023
        ask_by_join_url(classroom.join_url, by=StudentFactory())

        run_together(*asks, lambda: owner.notifications.mark_read())

        about = Notification.objects.unread().filter(about=f"requests:{classroom.pk}")  # noqa: B023
        assert classroom.join_requests.pending().count() == 4
        assert about.filter(user=co_teacher).count() == 1
        assert about.filter(user=owner).count() <= 1


@pytest.mark.rule("J8")
@pytest.mark.threat("T83")
def test_walking_in_while_being_approved_is_one_membership(fresh_class, owner):
    """Either the Code or the manager lets them in, never both and never neither."""
    student = StudentFactory()
    for _ in ROUNDS:
        classroom, code = fresh_class()
        join_request = ask_by_join_url(classroom.join_url, by=student)

        walked, decided = run_together(will_use_code(code, student), decide(join_request, "approve", owner))

        join_request.refresh_from_db()
        ways = {
            "admitted": (JoinResult(classroom), False, "code"),
            "approved": (AlreadyMember, True, "join-url"),
        }
        outcome = type(walked) if isinstance(walked, Refusal) else walked
        door = classroom.memberships.get(user=student).door
        assert ways[join_request.status] == (outcome, decided[0].is_done, door)
        assert not Notification.objects.unread().filter(about=join_request.about).exists()


@pytest.mark.threat("T85")
def test_one_name_twice_at_the_sign_up_is_one_account(fresh_class):
    for number in ROUNDS:
        classroom, code = fresh_class()
        typed = GRACE | {"username": f"grace{number}", "code": code.code}

        def sign_up(typed=typed):
            return Client().post("/accounts/signup/student/", typed).status_code

        assert sorted(run_together(sign_up, sign_up)) == [302, 422]
        assert Membership.objects.filter(classroom=classroom, user__username=f"grace{number}").count() == 1
        assert User.objects.filter(username=f"grace{number}").count() == 1


@pytest.mark.fault("F17")
def test_everything_at_once_never_stands_still(fresh_class, owner, co_teacher):
    """No deadlock, no error except refusals, and the class is consistent afterwards."""
    students = [StudentFactory() for _ in range(3)]
    for _ in ROUNDS:
        classroom, code = fresh_class()
        waits = ask_by_join_url(classroom.join_url, by=students[0])

        outcomes = run_together(
            will_use_code(code, students[0]),
            will_use_code(code, students[1]),
            lambda classroom=classroom: ask_by_join_url(classroom.join_url, by=students[2]),
            decide(waits, "approve", co_teacher),
            lambda code=code: code.reset(by=owner),
            lambda code=code: code.lock(by=co_teacher),
            clock.lock_due,
        )

        assert not [found for found in raised(outcomes, Exception) if not isinstance(found, Refusal)]
        assert classroom.join_codes.current().count() == 1
        waiting = classroom.join_requests.pending().values_list("user", flat=True)
        assert not classroom.memberships.filter(user__in=waiting).exists()
