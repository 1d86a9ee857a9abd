"""Somebody is erased while they join, ask, create a class, are let in or get a role."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from accounts.models import Rename, User
from classroom.exceptions import Refusal
from classroom.models import Classroom, KeptOut, Membership
from joins.acts import by_code, renames
from joins.acts.ask import ask_by_join_url
from joins.models import JoinCode, JoinRequest, SignUp
from privacy.models import Person
from tests.factories import ClassroomFactory, MembershipFactory, StudentFactory, TeacherFactory
from tests.joins.races import ROUNDS, decide, raised, run_together, will_use_code

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.rule("J10"),
    pytest.mark.threat("T93"),
]
CLEAN = (Refusal, User.DoesNotExist, Membership.DoesNotExist)


@pytest.fixture
def classroom(db):
    return ClassroomFactory(name="Biology 9B")


@pytest.fixture
def code(classroom):
    return JoinCode.objects.get_current(classroom)


def erase(user):
    return Person.objects.get(pk=user.pk).erase


def until(happens):
    end = time.monotonic() + 10
    while not happens():
        assert time.monotonic() < end, "This takes too long."
        time.sleep(0.01)


def waiting_sessions():
    """How many connections to this database wait for a lock."""
    with connection.cursor() as cursor:
        # Otherwise a transaction keeps seeing the first answer.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0]


def leaves_nothing(outcomes, *people):
    """They are in nothing that they were added to meanwhile, and every request was answered."""
    faults = [found for found in raised(outcomes, Exception) if not isinstance(found, CLEAN)]
    assert faults == []
    for user in people:
        if User.objects.filter(pk=user.pk, erased_at=None).exists():
            assert raised(outcomes, Refusal)  # except the owner of a class
            continue
        for model in (Membership, JoinRequest, KeptOut, SignUp):
            assert list(model.objects.filter(user=user.pk)) == [], model


def test_while_they_join(classroom, code):
    for _ in ROUNDS:
        leo = StudentFactory()
        leaves_nothing(run_together(erase(leo), will_use_code(code, leo)), leo)


def test_while_they_join_several_classes(code):
    """They may begin to join a second class after the erasure has looked up their classes."""
    others = [JoinCode.objects.get_current(ClassroomFactory()) for _ in range(3)]
    for _ in ROUNDS:
        leo = StudentFactory()
        acts = [will_use_code(each, leo) for each in (code, *others)]
        leaves_nothing(run_together(*acts, erase(leo)), leo)


def test_while_they_ask(classroom, code):
    code.lock(by=classroom.owner)
    for _ in ROUNDS:
        leo = StudentFactory()
        acts = will_use_code(code, leo), lambda leo=leo: ask_by_join_url(classroom.join_url, by=leo)
        leaves_nothing(run_together(erase(leo), *acts), leo)


def test_while_they_open_a_class():
    for _ in ROUNDS:
        ada = TeacherFactory()
        leaves_nothing(run_together(erase(ada), lambda ada=ada: ClassroomFactory(by=ada)), ada)
    assert Classroom.objects.count() == Membership.objects.filter(user__erased_at=None).count()


def test_while_they_are_let_in(classroom):
    for _ in ROUNDS:
        leo = StudentFactory()
        waits = ask_by_join_url(classroom.join_url, by=leo)
        leaves_nothing(run_together(decide(waits, "approve", classroom.owner), erase(leo)), leo)
        ada = StudentFactory()
        waits = ask_by_join_url(classroom.join_url, by=ada)
        leaves_nothing(run_together(erase(ada), decide(waits, "keep-out", classroom.owner)), ada)


def test_while_they_get_a_role(classroom):
    owner = classroom.owner
    for _ in ROUNDS:
        ada = TeacherFactory()
        place = MembershipFactory(classroom=classroom, user=ada)
        outcomes = run_together(
            lambda place=place, owner=owner: place.make_co_teacher(by=owner),
            erase(ada),
            lambda ada=ada, owner=owner: classroom.transfer(by=owner, to=ada),
        )
        leaves_nothing(outcomes, ada)
        owner = classroom.owner
        assert owner.is_active


@pytest.mark.rule("A8")
def test_while_they_are_renamed(classroom, code):
    """By a manager and by themselves, while a class of theirs is deleted."""
    for _ in ROUNDS:
        leo, other = StudentFactory(), ClassroomFactory()
        MembershipFactory(classroom=other, user=leo)
        by_code.sign_up(code.code, leo)
        correct = {"by": classroom.owner, "first_name": "Leo", "last_name": "Corrected"}
        outcomes = run_together(
            lambda leo=leo: leo.edit_profile("Leo", "Renamed", "UTC"),
            lambda leo=leo, correct=correct: renames.correct_name(classroom, leo, **correct),
            erase(leo),
            lambda other=other: other.delete_class(by=other.owner),
        )
        leaves_nothing(outcomes, leo)
        assert User.objects.get(pk=leo.pk).full_name == "Deleted person"
    assert not Rename.objects.exists()


def test_beside_a_manager_of_a_class_just_joined(classroom, code):
    """The erasure waits for that class too. Otherwise each would hold a lock that the other needs."""
    owner = classroom.owner

    def remove(user):
        with classroom.one_at_a_time():
            classroom.memberships.get(user=user).remove(by=owner, keep_out=True)

    for _ in ROUNDS:
        leo = StudentFactory()
        with ThreadPoolExecutor() as threads:
            with transaction.atomic():
                will_use_code(code, leo)()
                pressed = [
                    threads.submit(run_together, erase(leo)),
                    threads.submit(run_together, lambda leo=leo: remove(leo)),
                ]
                until(lambda: waiting_sessions() == 2)
            outcomes = [found for each in pressed for found in each.result()]
        leaves_nothing(outcomes, leo)


def test_somebody_who_was_added_and_removed_again_meanwhile_is_erased(classroom, code, monkeypatch):
    """Whoever is in no class any more when the locks are taken again is not looked for there once more, for ever."""
    leo, rolled_back = StudentFactory(), []

    def roll_back_and_remove(savepoint, roll_back=transaction.savepoint_rollback):
        roll_back(savepoint)
        rolled_back.append(savepoint)
        assert len(rolled_back) == 1, "one new class takes one new try"
        run_together(lambda: classroom.memberships.get(user=leo).remove(by=classroom.owner, keep_out=True))

    monkeypatch.setattr(transaction, "savepoint_rollback", roll_back_and_remove)
    with ThreadPoolExecutor() as threads:
        with transaction.atomic():
            will_use_code(code, leo)()
            pressed = threads.submit(run_together, erase(leo))
            until(lambda: waiting_sessions() == 1)
        outcomes = pressed.result()

    assert len(rolled_back) == 1
    leaves_nothing(outcomes, leo)


def test_who_was_erased_is_told_so(classroom, code):
    """They submit a page that was open before."""
    leo, ada = StudentFactory(), TeacherFactory()
    erase(leo)()
    erase(ada)()

    for act in (
        will_use_code(code, leo),
        lambda: ask_by_join_url(classroom.join_url, by=leo),
        lambda: ClassroomFactory(by=ada),
    ):
        with pytest.raises(Refusal, match="deleted"):
            act()
