"""A class is copied for the next year: the same settings, nobody in it, and doors of its own."""

import pytest

from classroom.acts.copy import copy_class
from classroom.exceptions import NotAllowed
from classroom.models import Classroom, Event
from joins.models import JoinCode
from tests.factories import MembershipFactory, StudentFactory, TeacherFactory
from tests.hooks import alerts, page_text
from tests.joins.races import ROUNDS, run_together
from tests.notifications import notification_texts

pytestmark = pytest.mark.rule("C1")


@pytest.fixture
def copy(okafors_browser, url):
    """copy(name="Biology 10B", …) -> the answer to the form."""
    return lambda **fields: okafors_browser.post(url("copy/"), {"name": "Biology 10B"} | fields)


@pytest.fixture
def new(biology):
    """new() -> the class that was copied."""
    return lambda: Classroom.objects.exclude(pk=biology.pk).get()


def test_the_new_class_has_the_settings_and_the_note_and_its_own_doors(copy, new, biology, ms_okafor):
    settings = {
        "subject": "Biology",
        "grade": "9",
        "colour": "plum",
        "expected_size": 17,
        "hides_members": True,
    }
    Classroom.objects.filter(pk=biology.pk).update(note="Bring a leaf.", **settings)
    MembershipFactory(classroom=biology, user=StudentFactory())

    answer = copy()

    assert answer.headers["Location"] == new().path
    assert {name: getattr(new(), name) for name in settings} == settings
    assert (new().name, new().note, new().owner) == ("Biology 10B", "Bring a leaf.", ms_okafor)
    assert new().memberships.count() == 1
    codes = {JoinCode.objects.get_current(each).code for each in (biology, new())}
    assert len(codes) == len({biology.join_url.key, new().join_url.key}) == 2
    assert new().events.get().kind == Event.Kind.CREATE_CLASS


def test_it_stays_as_it_is_itself(copy, biology, acts):
    code = JoinCode.objects.get_current(biology)
    copy()

    biology.refresh_from_db()
    assert biology.name == "Biology 9B"
    assert JoinCode.objects.get_current(biology) == code
    assert not acts()


def test_the_co_teachers_come_along_if_ticked_and_are_told(copy, new, mr_lind, linds_browser):
    assert page_text(linds_browser.get("/")).count("Biology 10B") == 0
    copy(co_teachers="on")

    place = new().memberships.get(user=mr_lind)
    assert place.role == "co-teacher"
    assert "You're now a co-teacher of Biology 10B." in notification_texts(mr_lind)
    assert "Biology 10B" in page_text(linds_browser.get("/"))


def test_without_the_tick_nobody_comes_along(copy, new):
    copy()

    assert new().memberships.count() == 1


def test_a_closed_account_does_not_come_along(copy, new, mr_lind, biology):
    other = TeacherFactory()
    MembershipFactory(classroom=biology, user=other, role="co-teacher")
    other.is_active = False
    other.save()
    copy(co_teachers="on")

    assert set(new().memberships.values_list("user", flat=True)) == {mr_lind.pk, new().owner.pk}


@pytest.mark.rule("J10")
def test_pressed_twice_there_is_one_class(okafors_browser, url, new, mr_lind):
    form = {"name": "Biology 10B", "co_teachers": "on", "form_key": "1c4d9a30-2a10-4ff3-9df0-7a7a0f1d2c3b"}
    first, second = (okafors_browser.post(url("copy/"), form) for _ in range(2))

    assert first.headers["Location"] == second.headers["Location"] == new().path
    assert new().events.filter(kind=Event.Kind.MAKE_CO_TEACHER).count() == 1
    assert notification_texts(mr_lind).count("You're now a co-teacher of Biology 10B.") == 1


@pytest.mark.rule("C4")
def test_an_archived_class_can_be_copied(copy, new, biology, ms_okafor):
    biology.archive(by=ms_okafor)
    copy()

    assert not new().is_archived


def test_the_co_teachers_are_not_offered_where_there_are_none(okafors_browser, url, biology, mr_lind):
    assert "co-teachers" in page_text(okafors_browser.get(url("copy/")))
    biology.memberships.filter(user=mr_lind).delete()
    assert "co-teachers" not in page_text(okafors_browser.get(url("copy/")))


def test_without_a_name_the_form_comes_back(copy):
    answer = copy(name=" ")

    assert answer.status_code == 422
    assert alerts(answer)
    assert Classroom.objects.count() == 1


@pytest.mark.rule("L1")
def test_its_students_can_become_the_list_of_the_new_class(copy, new, okafors_browser, biology, mr_lind):
    MembershipFactory(classroom=biology, user=StudentFactory(first_name="Ana", last_name="López"))
    answer = copy(list_of_students="on")

    page = okafors_browser.get(answer.headers["Location"])
    assert "Ana López" in page.content.decode()
    assert mr_lind.full_name not in page.content.decode()
    assert not new().listed_names.exists()  # nothing is kept before somebody has looked at it


@pytest.mark.threat("T09")
def test_the_right_is_asked_again_when_the_class_is_held(biology, mr_lind):
    with pytest.raises(NotAllowed):
        copy_class(biology, by=mr_lind, name="Biology 10B")
    assert Classroom.objects.count() == 1


@pytest.mark.threat("T14", "T35")
def test_nobody_is_put_into_any_number_of_classes(copy, mr_lind, okafors_browser):
    """Each of them stands on the start page of somebody who has not been asked, and can mail them."""
    for _ in range(30):
        assert copy(co_teachers="on").status_code == 302
    before = mr_lind.memberships.count()
    answer = copy(name="Biology 11B", co_teachers="on")

    assert (answer.status_code, mr_lind.memberships.count()) == (429, before)
    assert "You have made Jonas Lind a co-teacher 30 times today." in page_text(answer)
    assert 'value="Biology 11B"' in answer.content.decode()
    assert not Classroom.objects.filter(name="Biology 11B").exists()
    assert copy(name="Biology 11B").status_code == 302


def test_the_owner_finds_it_under_edit_and_in_the_archive(
    okafors_browser, linds_browser, url, biology, ms_okafor
):
    assert url("copy/") in okafors_browser.get(url("edit/")).content.decode()
    assert url("copy/") not in linds_browser.get(url("edit/")).content.decode()

    biology.archive(by=ms_okafor)
    assert url("copy/") in okafors_browser.get(url()).content.decode()


@pytest.mark.postgres
@pytest.mark.rule("K8")
@pytest.mark.django_db(transaction=True)
def test_while_the_code_is_reset_both_classes_have_one_code_of_their_own(biology, ms_okafor):
    for number in ROUNDS:
        before = JoinCode.objects.get_current(biology)

        new, _ = run_together(
            lambda name=f"Biology {number}": copy_class(biology, by=ms_okafor, name=name),
            lambda code=before: code.reset(by=ms_okafor),
        )

        current = {JoinCode.objects.current().get(classroom=each).code for each in (biology, new)}
        assert len(current | {before.code}) == 3
