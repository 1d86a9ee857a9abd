"""The three steps on the page of a teacher's first class: each ticks itself, and they can be put away."""

import re

import pytest

from joins.acts import queue
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from tests.clock import time_passes
from tests.factories import ClassroomFactory, MembershipFactory, TeacherFactory

pytestmark = pytest.mark.engine_free

SHOW, SEE, LOCK = "Show the Code", "See who joined", "Lock it"


def steps(answer):
    """{step: is it done}, or {} if they are not on the page."""
    found = re.findall(
        r"<li (data-done)?>(?:(?!</li>).)*?<strong>([\w ]+)", answer.content.decode(), re.DOTALL
    )
    return {step: bool(done) for done, step in found if step in (SHOW, SEE, LOCK)}


@pytest.fixture
def page(biology, okafors_browser):
    return lambda: okafors_browser.get(biology.path)


def test_a_new_class_has_three_steps_to_do(page):
    assert steps(page()) == {SHOW: False, SEE: False, LOCK: False}


def test_a_pupil_who_joins_by_the_code_has_seen_it(page, biology_code, leo):
    use_code(biology_code().code, leo)

    assert steps(page()) == {SHOW: True, SEE: True, LOCK: False}


def test_who_is_let_in_by_the_join_url_has_seen_no_code(page, biology, leo, ms_okafor):
    queue.decide(biology, [ask_by_join_url(biology.join_url, leo).pk], "approve", by=ms_okafor)

    assert steps(page()) == {SHOW: False, SEE: True, LOCK: False}


def test_a_lock_stays_ticked_after_the_unlock(page, biology_code, ms_okafor):
    biology_code().lock(by=ms_okafor)
    assert steps(page()) == {SHOW: False, SEE: False, LOCK: True}

    biology_code().unlock(by=ms_okafor)
    assert steps(page())[LOCK]


@pytest.mark.rule("K5")
def test_a_code_that_has_locked_itself_is_locked(page):
    time_passes(days=15)

    assert steps(page())[LOCK]


def test_the_lock_ticks_its_step_where_the_panel_alone_is_replaced(biology, url, okafors_browser):
    answer = okafors_browser.post(url("code/lock/"), headers={"HX-Request": "true"})

    assert steps(answer) == {SHOW: False, SEE: False, LOCK: True}


def test_they_go_once_all_are_done(page, biology_code, leo, ms_okafor):
    use_code(biology_code().code, leo)
    biology_code().lock(by=ms_okafor)

    assert steps(page()) == {}
    assert "first-steps" not in page().content.decode()


def test_they_can_be_put_away_for_good(page, biology, okafors_browser):
    for _ in range(2):
        answer = okafors_browser.post("/first-steps/hide/", {"next": biology.path})
        assert (answer.status_code, answer["Location"]) == (302, biology.path)

    assert steps(page()) == {}


def test_only_ones_first_class_has_them(biology, ms_okafor, okafors_browser, page):
    second = ClassroomFactory(by=ms_okafor)

    assert steps(okafors_browser.get(second.path)) == {}
    assert len(steps(page())) == 3


def test_a_co_teacher_has_none(biology, sign_in):
    lind = TeacherFactory()
    MembershipFactory(classroom=biology, user=lind, role="co-teacher")

    assert steps(sign_in(lind).get(biology.path)) == {}
