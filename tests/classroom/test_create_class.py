import pytest

from classroom.exceptions import TeachersOnly
from classroom.models import Classroom
from joins.models import JoinCode, JoinURL
from tests.hooks import alerts, hooks

BIOLOGY = {"name": "Biology 9B", "kind": "class"}


@pytest.mark.rule("C1")
def test_a_class_has_an_owner_and_both_doors_from_its_first_moment(ms_okafor):
    biology = Classroom.objects.create_class(by=ms_okafor, name="Biology 9B")

    assert biology.owner == ms_okafor
    assert JoinCode.objects.get_current(biology).state == "unlocked"
    assert biology.join_url.key
    assert list(biology.events.values_list("kind", "by")) == [("open_class", ms_okafor.pk)]


@pytest.mark.rule("C1")
def test_the_first_page_shows_both_doors(ms_okafor, sign_in):
    page = sign_in(ms_okafor).post("/classes/new/", BIOLOGY, follow=True)

    biology = Classroom.objects.get()
    assert page.redirect_chain == [(biology.path, 302)]
    assert hooks(page, "data-code") == [JoinCode.objects.get_current(biology).code]
    assert hooks(page, "data-code-state") == ["unlocked"]
    assert hooks(page, "data-join-url") == [biology.join_url.address]


@pytest.mark.rule("C1")
@pytest.mark.parametrize("kind", ["class", "group"])
def test_a_teacher_makes_a_class_or_a_group_with_all_its_details(kind, ms_okafor, sign_in):
    details = {"name": "Chess", "kind": kind, "subject": "Games", "grade": "all", "colour": "plum"}
    sign_in(ms_okafor).post("/classes/new/", details)

    assert Classroom.objects.filter(**details).count() == 1


@pytest.mark.rule("C1")
def test_only_name_and_kind_are_asked_for(ms_okafor, sign_in):
    sign_in(ms_okafor).post("/classes/new/", BIOLOGY)

    biology = Classroom.objects.get()
    assert (biology.subject, biology.grade, biology.colour) == ("", "", "green")


@pytest.mark.rule("J4", "K4")
def test_two_classes_share_neither_code_nor_address(ms_okafor):
    one, other = [Classroom.objects.create_class(by=ms_okafor, name="Biology") for _ in range(2)]

    assert one.public_id != other.public_id
    assert one.join_url.key != other.join_url.key
    assert JoinCode.objects.get_current(one).code != JoinCode.objects.get_current(other).code


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "a" * 101},
        {"subject": "s" * 61},
        {"grade": "g" * 31},
        {"expected_size": "0"},
        {"expected_size": "5001"},
        {"expected_size": "many"},
    ],
)
def test_what_cannot_be_is_said_and_no_class_is_made(wrong, ms_okafor, sign_in):
    """test_odd_input.py has what no field of this form takes."""
    answer = sign_in(ms_okafor).post("/classes/new/", BIOLOGY | wrong)

    assert (answer.status_code, bool(alerts(answer))) == (422, True)
    assert not Classroom.objects.exists()
    assert not JoinURL.objects.exists()


@pytest.mark.threat("T30")
@pytest.mark.parametrize(
    ("typed", "expected"), [({}, 40), ({"expected_size": ""}, 40), ({"expected_size": "12"}, 12)]
)
def test_a_class_is_asked_how_many_it_expects(typed, expected, okafors_browser):
    assert "How many do you expect?" in okafors_browser.get("/classes/new/").content.decode()

    okafors_browser.post("/classes/new/", BIOLOGY | typed)

    assert Classroom.objects.get().expected_size == expected


@pytest.mark.rule("A7")
@pytest.mark.threat("T43")
def test_a_name_is_kept_as_a_teacher_means_it(ms_okafor, sign_in):
    sign_in(ms_okafor).post("/classes/new/", BIOLOGY | {"name": "  Ｂiologie\u0301   9B² "})

    assert Classroom.objects.get().name == "Ｂiologi\u00e9 9B²"


@pytest.mark.rule("C1", "A1")
def test_a_student_makes_no_class(amara, amaras_browser):
    assert amaras_browser.get("/classes/new/").status_code == 403
    assert amaras_browser.post("/classes/new/", BIOLOGY).status_code == 403
    with pytest.raises(TeachersOnly):
        Classroom.objects.create_class(by=amara, name="Mine")
    assert not Classroom.objects.exists()
