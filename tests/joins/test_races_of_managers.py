"""Two teachers decide, reset and cancel at the same moment. Twenty times each."""

import pytest

from classroom.models import Event
from joins.acts import clock
from joins.acts.ask import ask_by_join_url
from joins.exceptions import CodeChanged
from tests.clock import time_passes
from tests.factories import StudentFactory
from tests.joins.races import TWENTY, decide, raised, run_together

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.mark.rule("Q3")
@pytest.mark.threat("T80", "T81")
@pytest.mark.parametrize("second", ["deny", "keep-out", "approve"])
def test_the_first_of_two_decisions_stands(fresh_class, owner, co_teacher, second):
    """There is one decision, one notification, and a membership only if the decision was to let in."""
    student = StudentFactory()
    for _ in TWENTY:
        classroom, _code = fresh_class()
        asked = ask_by_join_url(classroom.join_url, by=student)

        outcomes = run_together(decide(asked, "approve", owner), decide(asked, second, co_teacher))

        assert sorted(outcome[0].is_new for outcome in outcomes) == [False, True]
        asked.refresh_from_db()
        approved = asked.status == "approved"
        assert classroom.memberships.filter(user=student).exists() == approved
        assert student.notifications.filter(topic=classroom.public_id).count() == 1
        assert classroom.events.filter(kind__in=["approve_request", "deny_request"]).count() == 1
        assert classroom.kept_out.exists() == (second == "keep-out" and not approved)


@pytest.mark.rule("Q3", "Q4")
def test_withdrawing_while_being_approved_is_one_of_the_two(fresh_class, owner):
    student = StudentFactory()
    for _ in TWENTY:
        classroom, _code = fresh_class()
        asked = ask_by_join_url(classroom.join_url, by=student)

        run_together(asked.withdraw, decide(asked, "approve", owner))

        asked.refresh_from_db()
        assert classroom.memberships.filter(user=student).exists() == (asked.status == "approved")


@pytest.mark.rule("J10")
@pytest.mark.threat("T79")
def test_two_resets_make_one_new_code(fresh_class, owner, co_teacher):
    """The second one is told so, and doesn't retire the Code that the first one sees."""
    for _ in TWENTY:
        classroom, code = fresh_class()

        outcomes = run_together(
            lambda code=code: code.reset(by=owner), lambda code=code: code.reset(by=co_teacher)
        )

        assert len(raised(outcomes, CodeChanged)) == 1
        assert classroom.join_codes.count() == 2
        assert classroom.join_codes.current().get() in outcomes


@pytest.mark.rule("K6")
@pytest.mark.fault("F03")
def test_two_sweeps_stamp_and_tell_once(fresh_class, owner):
    for _ in TWENTY:
        for _ in range(3):
            fresh_class()
        time_passes(days=15)

        outcomes = run_together(clock.lock_due, clock.lock_due)

        assert sum(outcomes) <= 3
        sum_of_rest = clock.lock_due()
        assert sum(outcomes) + sum_of_rest == 3
    assert Event.objects.filter(kind="lock_code").count() == owner.notifications.count() == 60
