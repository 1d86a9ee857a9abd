"""The limits of one person or one Code hold when many requests come at the same moment, on both databases."""

from functools import partial

import pytest
from django.test import Client

from joins.acts.ask import ask_by_join_url
from joins.exceptions import WaitsEnough
from joins.models import JoinCode, JoinRequest
from tests.factories import ClassroomFactory, StudentFactory
from tests.joins.races import raised, run_together, will_use_code
from tests.joins.test_sign_up_with_code import GRACE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.threat("T33")
@pytest.mark.parametrize("door", ["locked Code", "Join URL"])
def test_of_eight_asked_at_once_one_person_waits_for_three(settings, owner, amara, door):
    """Each asks another class, so they wait for no common row of a class."""
    settings.MOST_PENDING_OF_PERSON = 3
    classrooms = [ClassroomFactory(by=owner) for _ in range(8)]
    codes = [JoinCode.objects.get_current(classroom) for classroom in classrooms]
    for code in codes:
        code.lock(by=owner)
    if door == "Join URL":
        acts = [partial(ask_by_join_url, classroom.join_url, amara) for classroom in classrooms]
    else:
        acts = [will_use_code(code, amara) for code in codes]

    outcomes = run_together(*acts)

    assert len(raised(outcomes, WaitsEnough)) == 5
    assert JoinRequest.objects.pending().count() == 3


@pytest.mark.threat("T34")
def test_of_eight_new_accounts_that_ask_at_once_the_quota_is_not_folded(new_accounts, quota_of_three, owner):
    students = new_accounts(8)
    doors = [ClassroomFactory(by=owner).join_url for _ in students]

    outcomes = run_together(
        *[partial(ask_by_join_url, door, student) for door, student in zip(doors, students, strict=True)]
    )

    assert sorted(asked.over_quota for asked in outcomes) == [False] * 3 + [True] * 5


@pytest.mark.threat("T54")
def test_taken_is_said_with_one_teachers_codes_ten_times_of_fourteen_at_once(settings, biology_code):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"taken": "10/h/key"}
    others = [StudentFactory().username for _ in range(14)]
    code = biology_code().code

    def press(username):
        return Client().post("/accounts/signup/student/", GRACE | {"code": code, "username": username})

    answers = run_together(*[partial(press, username) for username in others])

    assert sorted(answer.status_code for answer in answers) == [422] * 10 + [429] * 4
