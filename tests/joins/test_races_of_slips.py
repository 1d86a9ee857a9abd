"""Two people with one slip, and a manager who cancels or makes slips at that moment (L4)."""

from functools import partial

import pytest
from django.test import Client

from accounts.models import User
from classroom.acts import class_list
from joins.acts import slips
from joins.exceptions import UnknownCode
from joins.models import Guess, JoinCode, Slip
from tests.factories import StudentFactory
from tests.joins.races import ROUNDS, count_joined, raised, run_together, will_use_code
from tests.joins.test_sign_up_with_code import GRACE

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.rule("L4")]


@pytest.fixture
def with_slip(fresh_class, owner):
    """with_slip() -> a new class, the pk of the one name on its list, and the Code of the slip for it."""

    def made():
        classroom, _ = fresh_class()
        class_list.keep(classroom, ["Ana López"], by=owner)
        pk = classroom.listed_names.get().pk
        slips.make_slips(classroom, [pk], by=owner)
        return classroom, pk, JoinCode.objects.get(slip__listed_name=pk)

    return made


@pytest.mark.threat("T78")
def test_exactly_one_of_several_gets_in(with_slip):
    students = [StudentFactory() for _ in range(4)]
    for _ in ROUNDS:
        classroom, _, code = with_slip()

        outcomes = run_together(*[will_use_code(code, student) for student in students])

        assert (count_joined(outcomes), len(raised(outcomes, UnknownCode))) == (1, 3)
        member = classroom.memberships.get(door="slip").user
        assert Slip.objects.get(join_code=code).used_by == member
        assert classroom.memberships.count() == 3


@pytest.mark.rule("A3")
@pytest.mark.threat("T78")
def test_of_two_sign_ups_one_has_an_account_and_the_other_reads_why(with_slip):
    for number in ROUNDS:
        classroom, _, code = with_slip()

        def sign_up(username, code=code):
            fields = GRACE | {"code": code.code, "username": username, "somebody_else": "Grace Tan"}
            return Client().post("/accounts/signup/student/", fields)

        names = [f"{name}{number}" for name in ("grace", "heidi")]
        answers = run_together(*[lambda name=name: sign_up(name) for name in names])

        assert sorted(answer.status_code for answer in answers)[:2] in ([200, 302], [302, 422])
        refused = next(answer for answer in answers if answer.status_code != 302)
        assert UnknownCode.message in refused.content.decode()
        assert User.objects.filter(username__in=names).count() == 1
        assert classroom.memberships.count() == 3
        Guess.objects.all().delete()


def test_nobody_gets_in_once_the_slip_is_cancelled(with_slip, owner):
    student = StudentFactory()
    for _ in ROUNDS:
        classroom, _, code = with_slip()

        def cancel_and_count(classroom=classroom):
            cancelled = slips.cancel_slips(classroom, by=owner)
            return cancelled, classroom.memberships.count()

        joined, (cancelled, when_answered) = run_together(will_use_code(code, student), cancel_and_count)

        assert classroom.memberships.count() == when_answered
        assert cancelled + count_joined([joined]) == 1


@pytest.mark.rule("J10")
def test_two_windows_make_one_slip(with_slip, owner, co_teacher):
    for _ in ROUNDS:
        classroom, pk, _ = with_slip()
        slips.cancel_slips(classroom, by=owner)

        run_together(*[partial(slips.make_slips, classroom, [pk], by) for by in (owner, owner, co_teacher)])

        assert Slip.objects.unused().filter(listed_name=pk).count() == 1


def test_a_list_that_is_forgotten_at_that_moment_lets_in_one_or_nobody(with_slip, owner):
    student = StudentFactory()
    for _ in ROUNDS:
        classroom, _, code = with_slip()

        def forget_and_count(classroom=classroom):
            class_list.forget(classroom, by=owner)
            return classroom.memberships.count()

        joined, when_answered = run_together(will_use_code(code, student), forget_and_count)

        assert classroom.memberships.count() == when_answered == 2 + count_joined([joined])
        assert not Slip.objects.filter(join_code=code).exists()
