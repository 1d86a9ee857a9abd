"""A manager undoes a decision while somebody else acts."""

from functools import partial

import pytest

from classroom.acts.undo_removal import undo_removal
from classroom.exceptions import DoneByAnother, Refusal
from joins.acts import undo
from joins.acts.ask import ask_by_join_url
from joins.exceptions import HappenedSince
from joins.models import JoinRequest
from privacy.models import Person
from tests.factories import MembershipFactory, StudentFactory
from tests.joins.races import ROUNDS, decide, raised, run_together, will_use_code

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.rule("Q9"),
    pytest.mark.threat("T80"),
]


@pytest.fixture
def fresh_decision(fresh_class, owner):
    """fresh_decision("deny") -> a new class, its Code, and a request there that its owner has just decided."""

    def decided(decision):
        classroom, code = fresh_class()
        join_request = ask_by_join_url(classroom.join_url, by=StudentFactory())
        decide(join_request, decision, owner)()
        join_request.refresh_from_db()
        return classroom, code, join_request

    return decided


def undoes(asked, by):
    return lambda: undo.undo(asked, by=by)


def lets_in(asked, by):
    return lambda: undo.let_in_after_all(asked, by=by)


def is_member(classroom, asked):
    return classroom.memberships.filter(user=asked.user).exists()


@pytest.mark.rule("Q3")
@pytest.mark.parametrize("decision", ["approve", "deny", "keep-out"])
def test_two_managers_undo_it_once(fresh_decision, owner, co_teacher, decision):
    for _ in ROUNDS:
        classroom, _code, asked = fresh_decision(decision)

        outcomes = run_together(undoes(asked, owner), undoes(asked, co_teacher))

        assert len(raised(outcomes, DoneByAnother)) == 1
        assert outcomes.count(None) == 1
        assert classroom.events.filter(kind__startswith="undo").count() == 1
        assert JoinRequest.objects.pending().filter(pk=asked.pk).exists()
        assert not is_member(classroom, asked)


@pytest.mark.rule("J10")
def test_the_same_manager_undoes_it_once(fresh_decision, owner):
    for _ in ROUNDS:
        classroom, _code, asked = fresh_decision("deny")

        outcomes = run_together(undoes(asked, owner), undoes(asked, owner))

        assert outcomes == [None, None]
        assert classroom.events.filter(kind="undo_denial").count() == 1


def test_undoing_while_the_member_leaves(fresh_decision, owner):
    """The person has left, or waits again; never both, and never neither in the history."""
    for _ in ROUNDS:
        classroom, _code, asked = fresh_decision("approve")
        member = classroom.memberships.get(user=asked.user)

        outcomes = run_together(undoes(asked, owner), member.leave)

        assert not is_member(classroom, asked)
        asked.refresh_from_db()
        left = classroom.events.filter(kind="leave_class").exists()
        assert left == bool(raised(outcomes[:1], HappenedSince))
        assert left == (asked.status == "approved")
        assert left == (outcomes[1] is None)


@pytest.mark.parametrize("act", [undoes, lets_in])
def test_undoing_a_no_while_the_person_uses_the_code(fresh_decision, owner, act):
    """Either way they are in, once, and nothing of theirs waits."""
    for _ in ROUNDS:
        classroom, code, asked = fresh_decision("deny")

        outcomes = run_together(act(asked, owner), will_use_code(code, asked.user))

        assert classroom.memberships.filter(user=asked.user).count() == 1
        assert not JoinRequest.objects.pending().filter(classroom=classroom).exists()
        assert len(raised(outcomes, Refusal)) <= 1


@pytest.mark.rule("Q3")
def test_undoing_a_no_while_another_manager_lets_in_after_all(fresh_decision, owner, co_teacher):
    """The first act stands: who comes second is told, and the status, the membership and the history agree."""
    for _ in ROUNDS:
        classroom, _code, asked = fresh_decision("deny")
        shown = classroom.events.get(kind="deny_request").pk

        outcomes = run_together(
            lambda asked=asked, shown=shown: undo.undo(asked, by=owner, event_id=shown),
            lets_in(asked, co_teacher),
        )

        assert len(raised(outcomes, HappenedSince)) == 1
        asked.refresh_from_db()
        assert is_member(classroom, asked) == (asked.status == "approved")
        assert asked.status == ("pending" if outcomes[0] is None else "approved")


@pytest.fixture
def fresh_removal(fresh_class, owner):
    """fresh_removal(keep_out=True) -> a new class, its Code, a removed student, and what undoes it, by somebody."""

    def removed(keep_out):
        classroom, code = fresh_class()
        member = MembershipFactory(classroom=classroom, user=StudentFactory())
        member.remove(by=owner, keep_out=keep_out)
        event = classroom.events.get(kind="remove_member")
        return (
            classroom,
            code,
            member.user,
            lambda by: lambda: undo_removal(classroom, event.pk, event.pk, by),
        )

    return removed


@pytest.mark.rule("Q3")
def test_two_managers_undo_a_removal_once(fresh_removal, owner, co_teacher):
    for _ in ROUNDS:
        classroom, _code, user, undoes_it = fresh_removal(keep_out=True)

        outcomes = run_together(undoes_it(owner), undoes_it(co_teacher))

        assert sorted(len(outcome.done) for outcome in outcomes) == [0, 1]
        assert sorted(len(outcome.others) for outcome in outcomes) == [0, 1]
        assert classroom.memberships.filter(user=user).count() == 1
        assert classroom.events.filter(kind="undo_removal").count() == 1
        assert classroom.events.filter(kind="let_back").count() == 1
        assert not classroom.kept_out.exists()


@pytest.mark.rule("J10")
def test_the_same_manager_undoes_a_removal_once(fresh_removal, owner):
    for _ in ROUNDS:
        classroom, _code, user, undoes_it = fresh_removal(keep_out=False)

        outcomes = run_together(undoes_it(owner), undoes_it(owner))

        assert [(len(outcome.done), outcome.others) for outcome in outcomes] == [(1, []), (1, [])]
        assert classroom.memberships.filter(user=user).count() == 1
        assert classroom.events.filter(kind="undo_removal").count() == 1


def test_undoing_a_removal_while_the_person_joins_or_asks(fresh_removal, owner):
    for number in ROUNDS:
        classroom, code, user, undoes_it = fresh_removal(keep_out=False)
        asks = partial(ask_by_join_url, classroom.join_url, by=user)
        comes = will_use_code(code, user) if number % 2 else asks

        undone, _ = run_together(undoes_it(owner), comes)

        waits = JoinRequest.objects.pending().filter(classroom=classroom).exists()
        assert classroom.memberships.filter(user=user).count() + waits == 1
        assert bool(undone.done) != bool(undone.others)
        assert classroom.events.filter(kind="undo_removal").exists() == bool(undone.done)


def test_undoing_a_removal_while_another_manager_blocks_who_asked(fresh_removal, owner, co_teacher):
    """Nobody is a member and blocked."""
    for _ in ROUNDS:
        classroom, _code, user, undoes_it = fresh_removal(keep_out=False)
        asked = ask_by_join_url(classroom.join_url, by=user)

        undone, _ = run_together(undoes_it(owner), decide(asked, "keep-out", co_teacher))

        assert undone.done == []
        assert not classroom.memberships.filter(user=user).exists()
        assert classroom.kept_out.filter(user=user).exists()


@pytest.mark.rule("C4")
def test_undoing_a_removal_while_the_class_is_archived(fresh_removal, owner, co_teacher):
    for _ in ROUNDS:
        classroom, _code, user, undoes_it = fresh_removal(keep_out=True)

        undone, archived = run_together(undoes_it(co_teacher), partial(classroom.archive, by=owner))

        assert (undone.done, archived) == ([user], None)
        assert classroom.memberships.filter(user=user).count() == 1


@pytest.mark.threat("T93")
def test_undoing_a_removal_while_the_account_is_erased(fresh_removal, owner):
    for _ in ROUNDS:
        classroom, _code, user, undoes_it = fresh_removal(keep_out=False)

        outcomes = run_together(undoes_it(owner), Person.objects.get(pk=user.pk).erase)

        assert not raised(outcomes, Exception)
        assert not classroom.memberships.filter(user=user).exists()
