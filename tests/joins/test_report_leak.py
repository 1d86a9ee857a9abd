"""One press locks the Code, resets it, and moves those who joined by the leaked Code since a chosen time to the
queue."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from classroom.models import Event, Membership
from joins.acts import leak
from joins.acts.by_code import use_code
from joins.exceptions import CodeChanged, UnknownCode
from joins.models import JoinCode
from tests.clock import time_passes
from tests.factories import ClassroomFactory, MembershipFactory, StudentFactory
from tests.hooks import alerts, hooks, page_text

pytestmark = pytest.mark.threat("T30")


@pytest.fixture
def leaked_code(biology, biology_code, amara, leo):
    """Amara joined by Code two hours ago, Leo just now. Returns that Code."""
    use_code(biology_code().code, by=amara)
    time_passes(hours=2)
    use_code(biology_code().code, by=leo)
    return biology_code()


@pytest.fixture
def waiting(biology):
    return lambda: list(
        biology.join_requests.pending().order_by("pk").values_list("user__username", flat=True)
    )


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
def test_whoever_came_by_it_waits_and_the_managers_stay(leaked_code, biology, waiting, ms_okafor):
    assert leak.report_leak(leaked_code, by=ms_okafor) == 2

    assert waiting() == ["leo", "amara"]
    assert set(biology.join_requests.values_list("door", "join_code")) == {("code", leaked_code.pk)}
    assert {place.role for place in biology.memberships.all()} == {"owner", "co-teacher"}


def test_only_those_since_the_moment(leaked_code, waiting, ms_okafor):
    leak.report_leak(leaked_code, by=ms_okafor, since=timezone.now() - timedelta(hours=1))

    assert waiting() == ["leo"]


def test_whom_the_teacher_knows_stays(leaked_code, waiting, amara, ms_okafor):
    leak.report_leak(leaked_code, by=ms_okafor, keep=[amara.pk])

    assert waiting() == ["leo"]


@pytest.mark.rule("Q8")
def test_whom_a_manager_has_let_in_stays(biology, biology_code, amara, decide, waiting, ms_okafor):
    """They used the locked Code, and somebody has checked who they are."""
    biology_code().lock(by=ms_okafor)
    decide(ms_okafor, "approve", use_code(biology_code().code, by=amara))

    assert leak.report_leak(biology_code(), by=ms_okafor) == 0
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

    with pytest.raises(CodeChanged):
        leak.report_leak(leaked_code, by=mr_lind)
    assert (biology_code().code, len(waiting())) == (fresh, 2)


@pytest.mark.rule("J10")
@pytest.mark.parametrize("who_reset", ["ms_okafor", "mr_lind"])
def test_a_leak_is_reported_after_a_plain_reset_of_the_code(
    leaked_code, who_reset, biology, biology_code, waiting, sign_in, url, request, ms_okafor
):
    """A plain reset reports nothing, so the leaked Code's members still move to the queue. The new Code is locked and
    stays."""
    browser, fields = sign_in(ms_okafor), {"join_code": leaked_code.pk}
    biology_code().reset(by=request.getfixturevalue(who_reset))
    fresh = biology_code().code

    pages = [browser.post(url("code/leaked/"), fields, follow=True) for _ in range(2)]

    for page in pages:
        assert "Moved to the queue: 2." in page_text(page)
        assert alerts(page) == []
    assert waiting() == ["leo", "amara"]
    assert (biology_code().code, biology_code().state) == (fresh, "locked")
    assert biology.events.filter(kind=Event.Kind.REPORT_LEAK).count() == 1


@pytest.mark.threat("T01")
def test_a_page_of_another_class_reports_nothing(
    leaked_code, biology_code, waiting, sign_in, url, mr_brandt, ms_okafor
):
    other = JoinCode.objects.current_of(ClassroomFactory(by=mr_brandt))

    answer = sign_in(ms_okafor).post(url("code/leaked/"), {"join_code": other.pk})

    assert answer.status_code == 409
    assert (biology_code().code, waiting()) == (leaked_code.code, [])
    assert JoinCode.objects.current_of(other.classroom).code == other.code


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
    assert list(by_her) == acts + [(Event.Kind.SET_ASIDE, leaked_code.code)] * 2


@pytest.mark.rule("Q5")
@pytest.mark.threat("T35")
def test_the_other_managers_are_told_once_and_nobody_of_each_request(leaked_code, ms_okafor, mr_lind):
    leak.report_leak(leaked_code, by=ms_okafor)

    assert [told.text for told in mr_lind.notifications.all()] == [
        "Ngozi Okafor has reported that the Code of Biology 9B had leaked. "
        "There is a new one, locked. Moved to the queue: 2."
    ]
    assert not ms_okafor.notifications.exists()


@pytest.mark.rule("Q7")
def test_who_is_kept_out_stays_out(leaked_code, biology, waiting, leo, ms_okafor):
    biology.memberships.get(user=leo).remove(by=ms_okafor, keep_out=True)

    leak.report_leak(leaked_code, by=ms_okafor)

    assert waiting() == ["amara"]


@pytest.mark.rule("J5")
def test_the_page_shows_who_came_since_and_changes_nothing(
    leaked_code, biology_code, sign_in, url, ms_okafor
):
    page = sign_in(ms_okafor).get(url("code/leaked/"))
    an_hour_ago = timezone.now() - timedelta(hours=1)
    later = sign_in(ms_okafor).get(url("code/leaked/"), {"since": f"{an_hour_ago:%Y-%m-%dT%H:%M}"})

    assert hooks(page, "data-username") == ["leo", "amara"]
    assert hooks(later, "data-username") == ["leo"]
    assert biology_code().code == leaked_code.code


@pytest.mark.rule("J10")
def test_one_press_on_the_page(leaked_code, biology_code, amara, waiting, url, okafors_browser):
    """A second press finds the Code retired, and gets the answer of the first."""
    fields = {"join_code": leaked_code.pk, "since": "", "keep": [amara.pk]}

    page = okafors_browser.post(url("code/leaked/"), fields, follow=True)
    again = okafors_browser.post(url("code/leaked/"), fields, follow=True)

    assert page.redirect_chain == [(url("requests/"), 302)]
    for answer in (page, again):
        assert "Moved to the queue: 1." in answer.content.decode()
    assert waiting() == ["leo"]
    assert again.redirect_chain == page.redirect_chain


@pytest.mark.parametrize("typed", ["yesterday", "2026-13-40T99:99", "\u0661"])
def test_a_moment_that_is_none_is_said(leaked_code, sign_in, url, ms_okafor, typed):
    page = sign_in(ms_okafor).get(url("code/leaked/"), {"since": typed})

    assert "This is no day and time. Choose them from the field." in alerts(page)
    assert len(hooks(page, "data-username")) == 2


@pytest.mark.parametrize("typed", ["x", "-1", "9" * 30])
def test_odd_fields_change_nothing(leaked_code, biology_code, sign_in, url, ms_okafor, typed):
    for field in ("since", "keep", "join_code"):
        sign_in(ms_okafor).post(url("code/leaked/"), {"join_code": leaked_code.pk} | {field: typed})

    assert biology_code().code == leaked_code.code


@pytest.mark.parametrize("how_many", [2, 200])
def test_as_many_statements_for_two_as_for_two_hundred(
    biology, leaked_code, sign_in, url, ms_okafor, count_queries, how_many
):
    """Django gives SQLite at most 999 values for an INSERT, so 200 need some more."""
    students = [StudentFactory.build(username=f"crowd{n}") for n in range(how_many)]
    type(ms_okafor).objects.bulk_create(students)
    Membership.objects.bulk_create(
        MembershipFactory.build(classroom=biology, user=one, code=leaked_code.code) for one in students
    )
    browser = sign_in(ms_okafor)
    more = 5 if how_many == 200 and connection.vendor == "sqlite" else 0

    with count_queries(36 + more):
        browser.post(url("code/leaked/"), {"join_code": leaked_code.pk})
    assert biology.memberships.count() == 2
