"""An owner archives several classes at the end of the year, in one press."""

import re

import pytest

from classroom.models import Classroom, Event
from tests.factories import MembershipFactory
from tests.hooks import alerts, hooks, page_text

pytestmark = pytest.mark.rule("C4")
PAGE = "/classes/archive/"


@pytest.fixture
def classes(biology, ms_okafor):
    """Three classes of Ms Okafor: Biology 9B, Chemistry 8A and Physics 7."""
    return [
        biology,
        *(Classroom.objects.create_class(ms_okafor, name=name) for name in ("Chemistry 8A", "Physics 7")),
    ]


@pytest.fixture
def archive(okafors_browser):
    return lambda *classes: okafors_browser.post(PAGE, {"classroom": [each.public_id for each in classes]})


def archived():
    return set(Classroom.objects.exclude(archived_at=None).values_list("name", flat=True))


def test_the_ticked_ones_are_archived_and_the_others_are_not(archive, classes, okafors_browser):
    first, second, _ = classes
    answer = archive(first, second)

    assert answer.headers["Location"] == "/"
    assert "Archived: Biology 9B, Chemistry 8A." in page_text(okafors_browser.get("/"))
    assert archived() == {"Biology 9B", "Chemistry 8A"}


@pytest.mark.rule("J10")
def test_the_second_press_gets_the_same_answer_and_changes_nothing(archive, classes, okafors_browser):
    for _ in range(2):
        archive(*classes)
        assert "Archived: Biology 9B, Chemistry 8A, Physics 7." in page_text(okafors_browser.get("/"))

    assert Event.objects.filter(kind=Event.Kind.ARCHIVE_CLASS).count() == 3


def test_nobody_archives_a_class_that_they_do_not_own(sign_in, mr_lind, biology):
    answer = sign_in(mr_lind).post(PAGE, {"classroom": [biology.public_id]})

    assert answer.status_code == 422
    assert "You don't own one of these classes" in alerts(answer)[0]
    assert archived() == set()


def test_what_was_ticked_stays_ticked_if_something_is_wrong(okafors_browser, classes):
    answer = okafors_browser.post(PAGE, {"classroom": [classes[1].public_id, "nosuchclass0"]})

    assert answer.status_code == 422
    checked = re.findall(r'value="(\w+)"\s+autocomplete="off"\s+checked', answer.content.decode())
    assert checked == [classes[1].public_id]
    assert archived() == set()


def test_nothing_ticked_is_said(archive, classes):
    assert alerts(archive()) == ["Tick at least one class first."]


def test_classes_of_the_same_name_and_day_are_told_apart(okafors_browser, biology, ms_okafor, mr_lind, amara):
    """Such as a class and the copy of it that somebody has made by mistake."""
    Classroom.objects.create_class(ms_okafor, name="Biology 9B")
    MembershipFactory(classroom=biology, user=amara)

    page = page_text(okafors_browser.get(PAGE))

    assert re.findall(r"Biology 9B (\d+ members?)", page) == ["3 members", "1 member"]


def test_only_own_classes_that_are_open_are_offered(okafors_browser, classes, ms_okafor):
    classes[0].archive(by=ms_okafor)

    offered = hooks(okafors_browser.get(PAGE), "value")
    assert classes[0].public_id not in offered
    assert {each.public_id for each in classes[1:]} <= set(offered)


def test_students_have_no_such_page(sign_in, amara):
    assert sign_in(amara).get(PAGE).status_code == 403


def test_my_classes_leads_to_it_if_there_are_several(okafors_browser, biology, ms_okafor):
    assert PAGE not in okafors_browser.get("/").content.decode()
    Classroom.objects.create_class(ms_okafor, name="Chemistry 8A")
    assert PAGE in okafors_browser.get("/").content.decode()
