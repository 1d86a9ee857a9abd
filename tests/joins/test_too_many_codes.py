"""One person creates only so many Codes a day: each is kept for good, and many make all new ones longer (K2, K4)."""

import pytest
from django.urls import reverse

from classroom.models import Classroom
from joins.exceptions import TooManyCodes
from joins.models import JoinCode, join_code_queryset
from tests.clock import time_passes
from tests.factories import ClassroomFactory
from tests.hooks import page_text

pytestmark = [pytest.mark.django_db, pytest.mark.rule("K4"), pytest.mark.threat("T101")]

NEW_CLASS = {"name": "Chemistry", "kind": "class", "colour": "green"}
SENTENCE = "You've created 3 Codes today"


@pytest.fixture
def three_a_day(monkeypatch, biology, biology_code, ms_okafor):
    """Ms Okafor has created three Codes today: that of Biology 9B, and two by resets. That is the limit here."""
    monkeypatch.setattr(join_code_queryset, "MOST_CODES_A_DAY", 3)
    for _ in range(2):
        biology_code().reset(by=ms_okafor)


def test_after_so_many_no_code_is_reset_today(three_a_day, biology, biology_code, okafors_browser, ms_okafor):
    before = biology_code()

    answer = okafors_browser.post(reverse("joins:reset_code", args=[biology.public_id]))

    assert answer.status_code == 409
    assert SENTENCE in page_text(answer)
    assert biology_code() == before

    time_passes(days=1)
    before.reset(by=ms_okafor)


def test_nor_is_a_class_created_and_the_form_keeps_what_was_typed(three_a_day, okafors_browser):
    answer = okafors_browser.post(reverse("classroom:new_class"), NEW_CLASS)

    assert answer.status_code == 409
    assert SENTENCE in page_text(answer)
    assert 'value="Chemistry"' in answer.content.decode()
    assert Classroom.objects.count() == JoinCode.objects.current().count() == 1


def test_nor_does_deleting_classes_help(three_a_day, biology, ms_okafor):
    biology.delete_class(by=ms_okafor)

    with pytest.raises(TooManyCodes):
        ClassroomFactory(by=ms_okafor)


def test_a_code_that_has_leaked_can_still_be_locked(three_a_day, biology, biology_code, ms_okafor):
    with pytest.raises(TooManyCodes, match="You can still lock it"):
        biology_code().reset(by=ms_okafor)

    biology_code().lock(by=ms_okafor)
    assert not biology_code().is_unlocked


def test_a_colleague_can_reset_it(three_a_day, biology_code, mr_lind, ms_okafor):
    before = biology_code()

    before.reset(by=mr_lind)

    assert biology_code() != before
