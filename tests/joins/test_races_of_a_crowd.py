"""T30, T82: the last place, when several come for it at the same moment. Twenty times each."""

import pytest

from accounts.models import Notification
from classroom.models import Event
from joins.models import JoinCode, JoinRequest
from tests.factories import StudentFactory
from tests.joins.at_once import TWENTY, at_once, raised, redeem

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_the_last_place_is_given_once_and_the_crowd_is_told_of_once(fresh_class, owner):
    """J1, J2"""
    students = [StudentFactory() for _ in range(5)]
    for _ in TWENTY:
        classroom, code = fresh_class()
        classroom.edit(by=owner, expected_size=2)  # so three may walk in

        outcomes = at_once(*[redeem(code, student) for student in students])

        assert (outcomes.count(classroom), len(raised(outcomes, JoinRequest))) == (3, 2)
        assert classroom.memberships.plain().count() == 3
        assert classroom.events.filter(kind=Event.Kind.LOCK_CROWDED_CODE).count() == 1
        told = Notification.objects.filter(topic=classroom.public_id, text__contains="locked itself")
        assert told.count() == 2
        assert JoinCode.objects.of(classroom).crowded
