"""How many messages wait for the next page. What a single message does is tested with the press that it's about."""

import re

import pytest

from classroom.models import Classroom
from config.messages import MOST_WAITING
from tests.hooks import page_text

pytestmark = [pytest.mark.django_db, pytest.mark.threat("T68")]


@pytest.fixture
def archive(okafors_browser, biology, ms_okafor):
    """archive("Biology") archives the class under this name, by a press after which no page is opened."""

    def press(name):
        biology.restore(by=ms_okafor)
        Classroom.objects.filter(pk=biology.pk).update(name=name)
        assert okafors_browser.post("/classes/archive/", {"classroom": biology.public_id}).status_code == 302

    return press


def test_a_program_that_opens_no_page_does_not_make_its_session_grow(archive, okafors_browser):
    """Each press would read and write all the messages, and would take longer than the one before."""
    presses = MOST_WAITING + 10
    for number in range(presses):
        archive(f"Biology {number}")

    shown = re.findall(r"Archived: Biology (\d+)\.", page_text(okafors_browser.get("/")))

    assert list(map(int, shown)) == list(range(presses))[-MOST_WAITING:]


def test_one_press_stores_no_more_than_that_either(okafors_browser):
    request = okafors_browser.get("/").wsgi_request
    for number in range(MOST_WAITING + 10):
        request._messages.add(20, f"Sentence {number}")

    assert len(request._messages.new_messages) == MOST_WAITING
