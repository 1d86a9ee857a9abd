"""One press locks the Code, resets it, and moves those who joined by the leaked Code since a chosen time to the
queue."""

from datetime import timedelta

import pytest
from django.db.models import Max
from django.utils import timezone

from classroom.models import Event
from joins import sentences
from joins.acts import leak
from joins.acts.by_code import use_code
from joins.exceptions import LeakReported, UnknownCode
from joins.models import JoinCode
from tests.factories import ClassroomFactory, TeacherFactory

pytestmark = pytest.mark.threat("T30")


def newest_event(classroom):
    """What a page sends as `seen` that is drawn now."""
    return classroom.events.aggregate(newest=Max("pk"))["newest"]


@pytest.mark.rule("K8")
def test_the_old_code_is_dead_and_the_new_one_locked(leaked_code, biology_code, mr_brandt, ms_okafor):
    """The person who leaked it may still be in the room, so the new one lets nobody in before the teacher hands it
    out."""
    leak.report_leak(leaked_code, by=ms_okafor)

    assert biology_code().code != leaked_code.code
    assert (biology_code().state, biology_code().locked_by) == ("locked", ms_okafor)
    with pytest.raises(UnknownCode):
        use_code(leaked_code.code, by=mr_brandt)


@pytest.mark.rule("J9", "Q1")
def test_whoever_came_by_it_waits_and_the_managers_stay(
    leaked_code, biology, waiting, ms_okafor, monkeypatch
):
    monkeypatch.setattr("accounts.bulk.BATCH_SIZE", 1)  # two batches
    assert leak.report_leak(leaked_code, by=ms_okafor).moved == 2

    assert waiting() == ["leo", "amara"]
    assert set(biology.join_requests.values_list("door", "join_code")) == {("code", leaked_code.pk)}
    assert {place.role for place in biology.memberships.all()} == {"owner", "co-teacher"}


def test_only_those_since_the_moment(leaked_code, waiting, ms_okafor):
    leak.report_leak(leaked_code, by=ms_okafor, since=timezone.now() - timedelta(hours=1))

    assert waiting() == ["leo"]


def test_only_those_who_were_picked(leaked_code, waiting, leo, ms_okafor):
    leak.report_leak(leaked_code, by=ms_okafor, only=[leo.pk])

    assert waiting() == ["leo"]


@pytest.mark.rule("J10")
def test_who_joins_after_the_page_was_drawn_stays_and_is_reported(
    leaked_code, biology, biology_code, waiting, noor, ms_okafor
):
    """The teacher has not counted them. But the Code is reset at once, because more come every minute."""
    seen = newest_event(biology)
    use_code(leaked_code.code, by=noor)

    report = leak.report_leak(leaked_code, by=ms_okafor, seen=seen)

    assert (report.moved, report.later) == (2, [noor])
    assert waiting() == ["leo", "amara"]
    assert biology_code().code != leaked_code.code


@pytest.mark.rule("C3", "J10")
def test_a_co_teacher_who_became_a_member_meanwhile_stays(leaked_code, biology, waiting, ms_okafor):
    """They were a co-teacher on the page, so they were not counted."""
    berg = TeacherFactory()
    use_code(leaked_code.code, by=berg)
    biology.memberships.get(user=berg).make_co_teacher(by=ms_okafor)
    seen = newest_event(biology)
    biology.memberships.get(user=berg).make_member(by=ms_okafor)

    assert leak.report_leak(leaked_code, by=ms_okafor, seen=seen).later == [berg]
    assert waiting() == ["leo", "amara"]


@pytest.mark.rule("J10", "K7")
def test_after_the_report_more_people_can_be_moved_and_the_new_code_stays_as_it_is(
    leaked_code, biology, biology_code, waiting, leo, ms_okafor, mr_lind
):
    """Both managers have seen the report on their page, so neither is refused. Its notification comes once."""
    leak.report_leak(leaked_code, by=ms_okafor, only=[leo.pk], seen=newest_event(biology))
    biology_code().unlock(by=ms_okafor)
    fresh = biology_code().code

    assert leak.report_leak(leaked_code, by=mr_lind, seen=newest_event(biology)).moved == 1

    assert waiting() == ["leo", "amara"]
    assert (biology_code().code, biology_code().state) == (fresh, "unlocked")
    assert biology.events.filter(kind=Event.Kind.REPORT_LEAK).count() == 1
    assert mr_lind.notifications.count() == 1
    assert not ms_okafor.notifications.filter(kind=sentences.LEAK_REPORTED).exists()


@pytest.mark.rule("Q8")
def test_whom_a_manager_has_let_in_stays(biology, biology_code, amara, decide, waiting, ms_okafor):
    """They used the locked Code, and somebody has checked who they are."""
    biology_code().lock(by=ms_okafor)
    decide(ms_okafor, "approve", use_code(biology_code().code, by=amara).join_request)

    assert leak.report_leak(biology_code(), by=ms_okafor).moved == 0
    assert waiting() == []


def test_who_came_by_another_door_stays(biology, biology_code, leo_waits, amara, decide, waiting, ms_okafor):
    use_code(biology_code().code, by=amara)
    biology_code().reset(by=ms_okafor)
    decide(ms_okafor, "approve", leo_waits)

    leak.report_leak(biology_code(), by=ms_okafor)

    assert waiting() == []


@pytest.mark.rule("J10")
def test_the_second_press_sets_nobody_else_aside(
    leaked_code, biology, biology_code, waiting, mr_brandt, ms_okafor, mr_lind
):
    leak.report_leak(leaked_code, by=ms_okafor)
    fresh = biology_code().code

    with pytest.raises(
        LeakReported, match="^Ngozi Okafor reported this leak on .* 2 people moved to the queue"
    ):
        leak.report_leak(leaked_code, by=mr_lind)
    assert (biology_code().code, len(waiting())) == (fresh, 2)


@pytest.mark.threat("T01")
def test_a_page_of_another_class_reports_nothing(
    leaked_code, biology_code, waiting, sign_in, url, mr_brandt, ms_okafor
):
    other = JoinCode.objects.get_current(ClassroomFactory(by=mr_brandt))

    answer = sign_in(ms_okafor).post(url("code/leaked/"), {"join_code": other.pk})

    assert answer.status_code == 409
    assert (biology_code().code, waiting()) == (leaked_code.code, [])
    assert JoinCode.objects.get_current(other.classroom).code == other.code


@pytest.mark.rule("K9", "Q8")
def test_the_history_tells_all_of_it(leaked_code, biology, biology_code, ms_okafor):
    leak.report_leak(leaked_code, by=ms_okafor)

    by_her = biology.events.filter(by=ms_okafor).order_by("pk").values_list("kind", "code")[1:]
    fresh = biology_code().code
    acts = [
        (Event.Kind.REPORT_LEAK, leaked_code.code),
        (Event.Kind.RESET_CODE, fresh),
        (Event.Kind.LOCK_CODE, fresh),
    ]
    assert list(by_her) == acts + [(Event.Kind.MOVE_TO_QUEUE, leaked_code.code)] * 2


@pytest.mark.rule("Q5")
@pytest.mark.threat("T35")
def test_the_other_managers_are_told_once_and_nobody_of_each_request(leaked_code, ms_okafor, mr_lind):
    leak.report_leak(leaked_code, by=ms_okafor)

    assert [told.sentence for told in mr_lind.notifications.all()] == [
        "Ngozi Okafor has reported that the Code of Biology 9B had leaked. "
        "There is a new one, locked. Moved to the queue: 2."
    ]
    assert not ms_okafor.notifications.exists()


@pytest.mark.rule("Q7")
def test_who_is_kept_out_stays_out(leaked_code, biology, waiting, leo, ms_okafor):
    biology.memberships.get(user=leo).remove(by=ms_okafor, keep_out=True)

    leak.report_leak(leaked_code, by=ms_okafor)

    assert waiting() == ["amara"]
