"""A press that changes only its row is announced as well: what stands in a row, a screen reader reads to nobody."""

import re

import pytest

from joins.models import JoinRequest
from tests.hooks import page_text

pytestmark = [pytest.mark.rule("J10", "Q2"), pytest.mark.engine_free]
HTMX = {"HX-Request": "true"}


def announced(answer):
    """What the answer puts into the live region, for screen readers alone."""
    region = r'hx-swap-oob="innerHTML:#flash"\s*>\s*<p class="for-screen-reader">(.*?)</p>'
    return re.findall(region, answer.content.decode(), re.DOTALL)


@pytest.fixture
def press(okafors_browser):
    """press("/path/", decision="deny") -> the answer to htmx."""
    return lambda path, **fields: okafors_browser.post(path, fields, headers=HTMX)


@pytest.mark.parametrize(
    ("decision", "sentence"),
    [
        ("approve", "Amara Toure is in."),
        ("deny", "Said no to Amara Toure."),
        ("keep-out", "Said no to Amara Toure and blocked them."),
    ],
)
def test_what_was_decided_in_the_queue(press, url, amara_waits, decision, sentence):
    answer = press(url("requests/decide/"), decision=decision, request=amara_waits.pk)

    assert announced(answer) == [sentence]


def test_what_was_undone_there(press, url, amara_waits):
    press(url("requests/decide/"), decision="deny", request=amara_waits.pk)

    assert announced(press(f"/requests/{amara_waits.pk}/undo/")) == ["Amara Toure is waiting again."]


@pytest.mark.parametrize(
    ("act", "sentence"), [("undo", "Amara Toure is waiting again."), ("let-in", "Amara Toure is in.")]
)
def test_what_was_done_on_recent_decisions(press, url, amara_waits, act, sentence):
    press(url("requests/decide/"), decision="deny", request=amara_waits.pk)

    answer = press(f"/requests/{amara_waits.pk}/{act}/", lines=str(amara_waits.pk))

    assert announced(answer) == [sentence]


def test_who_was_moved_to_the_queue(press, url, amara_joined):
    answer = press(url("members/amara/move-to-queue/"))

    assert announced(answer) == ["Amara Toure is now waiting in the approval queue."]


def test_several_are_told_in_a_message_that_everybody_sees(press, url, amara_waits, leo_waits):
    waiting = JoinRequest.objects.values_list("pk", flat=True)

    answer = press(url("requests/decide/"), decision="approve", request=list(waiting))

    assert announced(answer) == []
    assert "Let in 2 people: Amara Toure, Leo Park." in page_text(answer)
