"""Two accounts are put together while the student, or another manager, does something else (L5)."""

import pytest
from django.test import Client

from classroom.exceptions import AccountDeleted, DoneByAnother, NotAMember
from joins.acts import fold_account
from joins.acts.join_result import JoinResult
from joins.exceptions import CannotFold
from tests.factories import PASSWORD, MembershipFactory, StudentFactory, created_with_code_of
from tests.joins.races import ROUNDS, raised, run_together, will_use_code

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.rule("L5"),
    pytest.mark.threat("T80"),
]


@pytest.fixture
def twins_of():
    """twins_of(classroom) -> two accounts of one student in the class, the older one first."""

    def create(classroom):
        twins = StudentFactory.create_batch(2, first_name="Ana", last_name="Lee")
        for twin in twins:
            MembershipFactory(classroom=classroom, user=twin)
        created_with_code_of(classroom, twins[1])
        return twins

    return create


def test_an_account_is_either_closed_or_in_another_class(fresh_class, twins_of, owner):
    for _ in ROUNDS:
        classroom, _code = fresh_class()
        _other, other_code = fresh_class()
        _older, twin = twins_of(classroom)

        outcomes = run_together(
            lambda classroom=classroom, twin=twin: fold_account.fold(classroom, twin, by=owner),
            will_use_code(other_code, twin),
        )

        twin.refresh_from_db()
        if twin.is_active:
            assert raised(outcomes, CannotFold)
            assert raised(outcomes, JoinResult)
            assert twin.memberships.count() == 2
        else:
            assert raised(outcomes, AccountDeleted)
            assert twin.memberships.count() == 0


def test_two_managers_put_it_together_once(fresh_class, twins_of, owner, co_teacher):
    for _ in ROUNDS:
        classroom, _code = fresh_class()
        older, twin = twins_of(classroom)

        outcomes = run_together(
            *(
                lambda by=by, classroom=classroom, twin=twin: fold_account.fold(classroom, twin, by=by)
                for by in (owner, co_teacher)
            )
        )

        assert outcomes.count(older) == 1
        assert len(raised(outcomes, DoneByAnother)) == 1
        assert classroom.events.filter(kind="fold_account").count() == 1
        assert older.notifications.filter(about=f"fold:{twin.pk}").count() == 1


def test_two_undo_it_once(fresh_class, twins_of, owner, co_teacher):
    for _ in ROUNDS:
        classroom, _code = fresh_class()
        _older, twin = twins_of(classroom)
        fold_account.fold(classroom, twin, by=owner)

        outcomes = run_together(
            *(
                lambda by=by, classroom=classroom, twin=twin: fold_account.undo_fold(classroom, twin, by=by)
                for by in (owner, co_teacher)
            )
        )

        assert len(raised(outcomes, DoneByAnother)) == 1
        assert twin.memberships.count() == 1
        assert classroom.events.filter(kind="undo_fold").count() == 1


def test_if_the_older_account_is_removed_first_the_newer_one_stays_open(
    fresh_class, twins_of, owner, co_teacher
):
    for _ in ROUNDS:
        classroom, _code = fresh_class()
        older, twin = twins_of(classroom)
        place = older.memberships.get()

        outcomes = run_together(
            lambda classroom=classroom, twin=twin: fold_account.fold(classroom, twin, by=owner),
            lambda place=place: place.remove(by=co_teacher, keep_out=False),
        )

        assert not raised(outcomes, NotAMember)
        twin.refresh_from_db()
        assert twin.is_active == bool(raised(outcomes, CannotFold))
        assert twin.memberships.exists() == twin.is_active


@pytest.mark.threat("T60")
def test_who_logs_in_at_this_moment_is_logged_out(fresh_class, twins_of, owner):
    for _ in ROUNDS:
        classroom, _code = fresh_class()
        _older, twin = twins_of(classroom)
        browser = Client()

        run_together(
            lambda classroom=classroom, twin=twin: fold_account.fold(classroom, twin, by=owner),
            lambda browser=browser, twin=twin: browser.post(
                "/accounts/login/", {"login": twin.username, "password": PASSWORD}
            ),
        )

        assert not twin.memberships.exists()
        assert browser.get("/notifications/").status_code == 302
