"""A class is deleted or handed over while somebody joins, stays or leaves."""

import pytest

from classroom.exceptions import Refusal
from classroom.models import Classroom, Membership
from joins.acts.ask import ask_by_join_url
from joins.models import JoinCode
from tests.factories import MembershipFactory, StudentFactory, TeacherFactory
from tests.joins.races import ROUNDS, decide, raised, run_together, will_use_code

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
CLEAN = (Refusal, Classroom.DoesNotExist)  # the page answers these with a sentence or a 404


def faults(outcomes):
    return [found for found in raised(outcomes, Exception) if not isinstance(found, CLEAN)]


@pytest.mark.threat("T86")
def test_a_class_that_is_deleted_leaves_nobody_behind(fresh_class, owner, co_teacher):
    """Anybody who joins, asks or is let in meanwhile gets in before the deletion or a 404."""
    students = [StudentFactory() for _ in range(3)]
    for _ in ROUNDS:
        classroom, code = fresh_class()
        waits = ask_by_join_url(classroom.join_url, by=students[0])
        join_url = classroom.join_url

        outcomes = run_together(
            lambda classroom=classroom: classroom.delete_class(by=owner),
            will_use_code(code, students[1]),
            lambda join_url=join_url: ask_by_join_url(join_url, by=students[2]),
            decide(waits, "approve", co_teacher),
        )

        assert faults(outcomes) == []
        assert not Classroom.objects.filter(pk=classroom.pk).exists()
    assert not Membership.objects.exists()
    assert not JoinCode.objects.current().exists()


@pytest.mark.threat("T87")
def test_a_class_is_never_without_its_one_owner(fresh_class, owner, co_teacher):
    """It is handed over to somebody who is leaving, by an owner who is leaving too."""
    for _ in ROUNDS:
        classroom, _code = fresh_class()
        mine, theirs = (classroom.memberships.get(user=user) for user in (owner, co_teacher))

        outcomes = run_together(
            lambda classroom=classroom: classroom.transfer(by=owner, to=co_teacher), theirs.leave, mine.leave
        )

        assert faults(outcomes) == []
        assert classroom.memberships.filter(role="owner").count() == 1


@pytest.mark.threat("T87")
def test_two_handings_over_are_one(fresh_class, owner, co_teacher):
    for _ in ROUNDS:
        classroom, _code = fresh_class()
        third = MembershipFactory(classroom=classroom, user=TeacherFactory()).user

        outcomes = run_together(
            lambda classroom=classroom: classroom.transfer(by=owner, to=co_teacher),
            lambda classroom=classroom, third=third: classroom.transfer(by=owner, to=third),
        )

        assert (faults(outcomes), len(raised(outcomes, Refusal))) == ([], 1)
        assert classroom.memberships.filter(role="owner").count() == 1
