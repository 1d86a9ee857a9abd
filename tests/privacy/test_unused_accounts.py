"""Unused student accounts are deleted: soon if no class ever let them in, otherwise after a year and a warning."""

import pytest

from accounts.models import User
from joins.acts import by_code, queue, undo
from joins.models import JoinRequest
from privacy.models import Classless
from privacy.models import classless as module
from privacy.tasks import forget_people
from tests.clock import time_passes
from tests.factories import MembershipFactory, StudentFactory
from tests.tables import tables

pytestmark = pytest.mark.threat("T92")


def _is_named(user):
    return User.objects.get(pk=user.pk).erased_at is None


def forget_after(days):
    time_passes(days=days)
    forget_people()


@pytest.fixture
def made_with_a_locked_code(biology, biology_code, ms_okafor, amara):
    biology_code().lock(by=ms_okafor)
    by_code.sign_up(biology_code().code, amara)


@pytest.fixture
def a_year_goes_by(amara, db):
    """Amara is in no class; a year later she is warned."""
    forget_people()
    forget_after(days=365)


def test_an_account_that_nobody_let_in_ends_after_thirty_days(made_with_a_locked_code, amara):
    forget_after(days=29)
    assert _is_named(amara)

    forget_after(days=1)

    assert not _is_named(amara)
    assert not JoinRequest.objects.exists()


@pytest.mark.rule("Q9")
def test_an_approval_that_was_undone_has_let_nobody_in(made_with_a_locked_code, biology, amara, ms_okafor):
    join_request = JoinRequest.objects.get()
    queue.decide(biology, [join_request.pk], "approve", by=ms_okafor)
    undo.undo(join_request, by=ms_okafor)
    forget_after(days=31)

    assert not _is_named(amara)


@pytest.mark.rule("Q9")
def test_one_that_was_let_in_again_after_an_undo_was_let_in(
    made_with_a_locked_code, biology, amara, ms_okafor
):
    join_request = JoinRequest.objects.get()
    queue.decide(biology, [join_request.pk], "approve", by=ms_okafor)
    undo.undo(join_request, by=ms_okafor)
    queue.decide(biology, [join_request.pk], "approve", by=ms_okafor)
    biology.memberships.get(user=amara).leave()
    forget_after(days=31)

    assert _is_named(amara)


def test_not_while_its_owner_comes_to_look(made_with_a_locked_code, amara, sign_in):
    time_passes(days=20)
    sign_in(amara)
    forget_after(days=20)

    assert _is_named(amara)


def test_not_where_a_class_had_let_it_in_and_then_removed_it(
    biology, made_with_a_locked_code, amara, ms_okafor
):
    """Such an account is kept for a year."""
    queue.decide(biology, [JoinRequest.objects.get().pk], "approve", by=ms_okafor)
    biology.memberships.get(user=amara).remove(by=ms_okafor, keep_out=False)
    forget_after(days=40)

    assert _is_named(amara)


def test_not_where_its_class_was_deleted_for_nobody_knows_who_was_in_it(
    biology, made_with_a_locked_code, amara, ms_okafor
):
    biology.delete_class(by=ms_okafor)
    forget_after(days=40)

    assert _is_named(amara)


def test_a_year_without_a_class_and_the_student_is_warned_once(a_year_goes_by, amara):
    forget_people()

    assert [told.sentence for told in amara.notifications.all()] == [
        "You have been in no class for a year. Your account will be deleted in 30 days, "
        "unless you log in once more or join a class."
    ]
    assert _is_named(amara)


def test_thirty_days_after_the_warning_the_account_is_erased(a_year_goes_by, amara):
    forget_after(days=29)
    assert _is_named(amara)

    forget_after(days=1)
    assert not _is_named(amara)
    assert not Classless.objects.exists()


def test_logging_in_keeps_it_for_another_year(a_year_goes_by, amara, sign_in):
    sign_in(amara)
    forget_after(days=31)

    assert _is_named(amara)
    assert Classless.objects.get().warned_at is None


def test_a_class_keeps_it_for_good(a_year_goes_by, biology, amara):
    MembershipFactory(classroom=biology, user=amara)
    forget_after(days=800)

    assert _is_named(amara)
    assert not Classless.objects.exists()


def test_a_teacher_needs_no_class(mr_brandt):
    forget_people()

    assert not Classless.objects.exists()


@pytest.mark.fault("F02")
def test_a_first_run_in_a_big_database_takes_a_few_and_the_next_go_on(db, monkeypatch):
    """So the first run neither sends thousands of mails nor deletes for an hour."""
    StudentFactory.create_batch(7)
    monkeypatch.setattr(module, "BATCH_SIZE", 3)
    monkeypatch.setattr(module, "MOST_ERASURES_A_RUN", 2)

    seen = [(forget_people(), Classless.objects.count())[1] for _ in range(4)]
    assert seen == [3, 6, 7, 7]
    time_passes(days=366)
    warned = [Classless.objects.warn() for _ in range(4)]
    assert warned == [3, 3, 1, 0]
    time_passes(days=31)
    assert [Classless.objects.erase_warned() for _ in range(5)] == [2, 2, 2, 1, 0]


def test_twice_changes_nothing(amara, leo, made_with_a_locked_code):
    forget_people()
    before = tables()

    forget_people()

    assert tables() == before
