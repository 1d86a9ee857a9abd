"""Two people with one link, and an owner who acts at that moment (C3)."""

from functools import partial

import pytest

from classroom.acts import invite as acts
from classroom.exceptions import InvitationOver, InvitationUsed, InvitedToday
from classroom.models import CoTeacherInvitation
from tests.clock import time_passes
from tests.factories import TeacherFactory
from tests.joins.races import ROUNDS, raised, run_together

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.rule("C3")]


@pytest.fixture
def invited(fresh_class, owner):
    """invited() -> a new class, and an open invitation to it as find() returns it."""

    def made():
        classroom, _ = fresh_class()
        _, secret = CoTeacherInvitation.objects.issue(classroom, owner, "ana@school.example")
        return classroom, acts.find(secret)

    return made


@pytest.mark.threat("T78")
def test_exactly_one_of_several_gets_in(invited, owner):
    teachers = [TeacherFactory() for _ in range(4)]
    for number in ROUNDS:
        classroom, invitation = invited()

        outcomes = run_together(*[partial(acts.accept, invitation, by) for by in teachers])

        assert (outcomes.count(None), len(raised(outcomes, InvitationOver))) == (1, 3)
        assert classroom.memberships.filter(user__in=teachers, role="co-teacher").count() == 1
        assert owner.notifications.count() == number + 1


def test_it_is_accepted_or_cancelled_and_not_both(invited, owner):
    teacher = TeacherFactory()
    for _ in ROUNDS:
        classroom, invitation = invited()

        outcomes = run_together(
            partial(acts.accept, invitation, teacher),
            partial(acts.cancel, classroom, owner, invitation.pk),
        )

        assert outcomes.count(None) == 1
        accepted = outcomes[0] is None
        assert isinstance(outcomes[accepted], InvitationUsed if accepted else InvitationOver)
        assert classroom.memberships.filter(user=teacher).exists() == accepted


def test_two_presses_at_once_are_one_invitation(fresh_class, owner):
    for number in ROUNDS:
        classroom, _ = fresh_class()
        email = f"a{number}@school.example"

        outcomes = run_together(*[partial(acts.invite, classroom, owner, email)] * 3)

        assert not raised(outcomes, InvitedToday)
        assert classroom.co_teacher_invitations.count() == 1


def test_two_classes_at_once_do_not_exceed_the_limit_of_a_day(fresh_class, owner, monkeypatch):
    monkeypatch.setattr(acts, "MOST_A_DAY", 1)
    classes = [fresh_class()[0] for _ in range(3)]

    run_together(*[partial(acts.invite, each, owner, "ana@school.example") for each in classes])

    assert CoTeacherInvitation.objects.count() == 1


def test_the_end_is_told_once_if_two_workers_tell(invited, owner):
    invited()
    time_passes(days=7)

    assert sum(run_together(acts.tell_of_ends, acts.tell_of_ends)) == 1
    assert owner.notifications.count() == 1
