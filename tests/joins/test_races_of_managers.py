"""Two teachers decide, reset and cancel at the same moment."""

import pytest

from accounts.tasks import deliver_digests
from classroom.acts import several
from classroom.models import Event
from joins import sentences
from joins.acts import clock, queue, undo
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from joins.acts.move_to_queue import move_members_to_queue
from joins.exceptions import CodeChanged
from tests.clock import time_passes
from tests.factories import StudentFactory
from tests.joins.races import ROUNDS, decide, raised, run_together

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.mark.rule("Q3")
@pytest.mark.threat("T80", "T81")
@pytest.mark.parametrize("second", ["deny", "keep-out", "approve"])
def test_the_first_of_two_decisions_stands(fresh_class, owner, co_teacher, second):
    """There is one decision, one notification, and a membership only if the decision was to let in."""
    student = StudentFactory()
    for _ in ROUNDS:
        classroom, _code = fresh_class()
        join_request = ask_by_join_url(classroom.join_url, by=student)

        outcomes = run_together(
            decide(join_request, "approve", owner), decide(join_request, second, co_teacher)
        )

        assert sorted(outcome[0].is_done for outcome in outcomes) == [False, True]
        join_request.refresh_from_db()
        approved = join_request.status == "approved"
        assert classroom.memberships.filter(user=student).exists() == approved
        assert student.notifications.filter(topic=classroom.public_id).count() == 1
        assert classroom.events.filter(kind__in=["approve_request", "deny_request"]).count() == 1
        assert classroom.kept_out.exists() == (second == "keep-out" and not approved)


@pytest.mark.rule("J10", "Q3")
@pytest.mark.threat("T80")
@pytest.mark.parametrize("second", ["remove", "move"])
def test_two_managers_take_several_out_and_each_goes_once(fresh_class, owner, co_teacher, second):
    students = StudentFactory.create_batch(2)
    ids = [student.pk for student in students]
    for _ in ROUNDS:
        classroom, code = fresh_class()
        for student in students:
            use_code(code.code, by=student)

        def remove(by, classroom=classroom):
            return lambda: several.remove_members(classroom, ids, by=by, keep_out=True)

        def move(by, classroom=classroom):
            return lambda: move_members_to_queue(classroom, ids, by=by)

        outcomes = run_together(remove(owner), {"remove": remove, "move": move}[second](co_teacher))

        assert sorted((len(outcome.done), len(outcome.others)) for outcome in outcomes) == [(0, 2), (2, 0)]
        gone = classroom.events.filter(kind__in=["remove_member", "set_aside"], user__in=ids)
        assert gone.count() == 2
        blocked, waiting = classroom.kept_out.count(), classroom.join_requests.pending().count()
        assert (blocked, waiting) in [(2, 0), (0, 2)]


@pytest.mark.rule("Q3", "Q4")
def test_withdrawing_while_being_approved_is_one_of_the_two(fresh_class, owner):
    student = StudentFactory()
    for _ in ROUNDS:
        classroom, _code = fresh_class()
        join_request = ask_by_join_url(classroom.join_url, by=student)

        run_together(join_request.withdraw, decide(join_request, "approve", owner))

        join_request.refresh_from_db()
        assert classroom.memberships.filter(user=student).exists() == (join_request.status == "approved")


@pytest.mark.rule("Q9", "N2")
def test_an_answer_that_a_worker_mails_during_the_undo_is_taken_back(fresh_class, owner, mailoutbox):
    """Either the mail with the answer never leaves, or the person is told that it's taken back."""
    student = StudentFactory(email="grace@home.example")
    for _ in ROUNDS:
        classroom, _code = fresh_class()
        join_request = ask_by_join_url(classroom.join_url, by=student)
        queue.decide(classroom, [join_request.pk], "deny", by=owner)

        run_together(lambda join_request=join_request: undo.undo(join_request, by=owner), deliver_digests)

        told = student.notifications.filter(topic=classroom.public_id)
        is_taken_back = told.filter(kind=sentences.DECISION_UNDONE).exists()
        is_mailed = any(f"said no to your request to join {classroom.name}" in one.body for one in mailoutbox)
        assert is_taken_back or not is_mailed
        assert not told.unread().filter(about=f"decision:{join_request.pk}").exists()
        join_request.withdraw()


@pytest.mark.rule("J10")
@pytest.mark.threat("T79")
def test_two_resets_make_one_new_code(fresh_class, owner, co_teacher):
    """The second one is told so, and doesn't retire the Code that the first one sees."""
    for _ in ROUNDS:
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
    for _ in ROUNDS:
        for _ in range(3):
            fresh_class()
        time_passes(days=15)

        outcomes = run_together(clock.lock_due, clock.lock_due)

        assert sum(outcomes) <= 3
        sum_of_rest = clock.lock_due()
        assert sum(outcomes) + sum_of_rest == 3
    assert Event.objects.filter(kind="lock_code").count() == owner.notifications.count() == 3 * len(ROUNDS)


@pytest.mark.rule("Q2", "Q3", "Q9")
@pytest.mark.threat("T80", "T81")
def test_two_managers_decide_everybody_and_undo_it_once(fresh_class, owner, co_teacher):
    """Each of those who wait is decided by one of the two, and waits again once."""
    for _ in ROUNDS:
        classroom, _code = fresh_class()
        asked = [ask_by_join_url(classroom.join_url, by=StudentFactory()) for _ in range(3)]
        seen = classroom.events.latest("pk").pk

        decided = run_together(
            lambda classroom=classroom, seen=seen: queue.decide_all(classroom, seen, "approve", by=owner),
            lambda classroom=classroom, seen=seen: queue.decide_all(classroom, seen, "deny", by=co_teacher),
        )
        assert sorted(map(len, decided)) == [0, 3]
        is_in = classroom.memberships.plain().count() == 3
        assert is_in == (len(decided[0]) == 3)
        events = sorted(outcome.event_id for outcomes in decided for outcome in outcomes)

        run_together(
            *(
                lambda by=by, classroom=classroom, events=events: undo.undo_all(
                    classroom, events[0], events[-1], by=by
                )
                for by in (owner, co_teacher)
            )
        )
        assert classroom.events.filter(kind__startswith="undo").count() == 3
        assert list(classroom.join_requests.queue()) == asked
        assert not classroom.memberships.plain().exists()


@pytest.mark.rule("Q7")
@pytest.mark.threat("T08")
def test_who_cancels_at_the_moment_of_a_block_is_blocked(fresh_class, owner):
    for _ in ROUNDS:
        classroom, _code = fresh_class()
        join_request = ask_by_join_url(classroom.join_url, by=StudentFactory())

        run_together(join_request.withdraw, decide(join_request, "keep-out", owner))

        assert classroom.kept_out.filter(user=join_request.user).exists()
