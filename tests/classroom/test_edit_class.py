import pytest

from classroom.exceptions import ClassChanged
from classroom.models import Classroom
from joins.models import JoinCode
from tests.hooks import alerts, page_text, shown_before

CHEMISTRY = {"name": "Chemistry 9C", "kind": "group", "subject": "Chemistry", "grade": "9", "colour": "blue"}


@pytest.mark.rule("C2")
@pytest.mark.parametrize("manager", ["ms_okafor", "mr_lind"])
def test_owner_and_co_teacher_edit_the_class(manager, request, biology, sign_in, url, acts):
    by = request.getfixturevalue(manager)

    page = sign_in(by).post(url("edit/"), CHEMISTRY, follow=True)

    assert page.redirect_chain == [(biology.path, 302)]
    assert "Chemistry 9C" in page.content.decode()
    biology.refresh_from_db()
    assert {field: getattr(biology, field) for field in CHEMISTRY} == CHEMISTRY
    assert acts() == [("edit_class", by.username, None)]


@pytest.mark.rule("J4", "K10")
def test_editing_changes_neither_door(biology, biology_code, ms_okafor, sign_in, url):
    before = (biology.public_id, biology.join_url.key, biology_code().code, biology_code().locks_at)

    sign_in(ms_okafor).post(url("edit/"), CHEMISTRY | {"public_id": "mine", "code": "BCDFGHJKL", "key": "k"})

    biology.refresh_from_db()
    now = JoinCode.objects.get_current(biology)
    assert (biology.public_id, biology.join_url.key, now.code, now.locks_at) == before


def test_the_form_shows_the_class_as_it_is(biology, ms_okafor, sign_in, url):
    page = sign_in(ms_okafor).get(url("edit/"))

    assert 'value="Biology 9B"' in page.content.decode()


@pytest.mark.threat("T30")
def test_how_many_are_expected_can_be_changed_and_is_kept_where_nothing_is_said(
    biology, ms_okafor, sign_in, url
):
    for typed, expected in (({"expected_size": "12"}, 12), ({}, 12)):
        sign_in(ms_okafor).post(url("edit/"), CHEMISTRY | typed)
        biology.refresh_from_db()
        assert biology.expected_size == expected


def test_a_refused_edit_changes_nothing_and_shows_the_class_as_it_is(biology, ms_okafor, sign_in, url, acts):
    answer = sign_in(ms_okafor).post(url("edit/"), CHEMISTRY | {"colour": "pink"})

    assert (answer.status_code, bool(alerts(answer))) == (422, True)
    assert "><bdi>Biology 9B</bdi></a>" in answer.content.decode()
    biology.refresh_from_db()
    assert (biology.name, acts()) == ("Biology 9B", [])


@pytest.mark.rule("J10")
def test_what_a_colleague_has_changed_meanwhile_stays(biology, ms_okafor, mr_lind, sign_in, url):
    """The page still shows the old name in its field, beside the colour that is chosen now."""
    okafor, lind = sign_in(ms_okafor), sign_in(mr_lind)
    page = okafor.get(url("edit/"))
    shown = {"name": "Biology 9B", "kind": "class", "subject": "", "grade": "", "expected_size": "40"}
    lind.post(url("edit/"), shown | {"name": "Biology 9C", "subject": "Biology", "hides_members": "on"})

    okafor.post(url("edit/"), shown | shown_before(page) | {"colour": "red"})

    biology.refresh_from_db()
    assert (biology.name, biology.subject, biology.hides_members) == ("Biology 9C", "Biology", True)
    assert biology.colour == "red"


@pytest.mark.rule("J10")
def test_what_both_have_changed_is_said_and_one_more_press_decides(
    biology, ms_okafor, mr_lind, sign_in, url, acts
):
    okafor, lind = sign_in(ms_okafor), sign_in(mr_lind)
    page = okafor.get(url("edit/"))
    shown = {"name": "Biology 9B", "kind": "class", "subject": "", "grade": "", "expected_size": "40"}
    theirs = {"name": "Biology 9C", "subject": "Biology", "kind": "group", "hides_members": "on"}
    lind.post(url("edit/"), shown | shown_before(page) | theirs)

    mine = shown | {"name": "Biology 10A", "subject": "Science", "colour": "red", "kind": "group"}
    page = okafor.post(url("edit/"), mine | shown_before(page))

    assert page.status_code == 422
    assert (
        "Somebody has changed this to “Biology 9C” meanwhile. Press the same button again to replace it with yours."
        in page_text(page)
    )
    assert "changed this to “Biology” meanwhile" in page_text(page)
    assert "changed this to “Group”" not in page_text(page)  # both chose the same
    assert 'value="Biology 10A"' in page.content.decode()
    biology.refresh_from_db()
    assert (biology.name, biology.subject, biology.colour) == ("Biology 9C", "Biology", "green")

    okafor.post(url("edit/"), mine | shown_before(page))
    biology.refresh_from_db()
    assert (biology.name, biology.subject, biology.colour) == ("Biology 10A", "Science", "red")
    assert biology.hides_members
    assert len(acts()) == 2


@pytest.mark.rule("J10")
@pytest.mark.parametrize(
    ("theirs", "mine", "sentence"),
    [
        ({"subject": ""}, {"subject": "Art"}, "Somebody has emptied this meanwhile."),
        ({"expected_size": "12"}, {"expected_size": "30"}, "Somebody has changed this to “12” meanwhile."),
        ({"colour": "red"}, {"colour": "teal"}, "Somebody has changed this to “Red” meanwhile."),
    ],
)
def test_each_field_says_what_it_is_now(theirs, mine, sentence, biology, ms_okafor, mr_lind, sign_in, url):
    okafor, lind = sign_in(ms_okafor), sign_in(mr_lind)
    okafor.post(url("edit/"), CHEMISTRY | {"expected_size": "40"})
    page = okafor.get(url("edit/"))
    shown = CHEMISTRY | {"expected_size": "40"} | shown_before(page)
    lind.post(url("edit/"), shown | theirs)

    assert sentence in page_text(okafor.post(url("edit/"), shown | mine))


@pytest.mark.rule("J10")
def test_a_colleague_may_be_faster_by_a_moment(biology, ms_okafor, mr_lind):
    """Between the check of the form and the act."""
    as_okafor_saw_it = Classroom.objects.get(pk=biology.pk)
    biology.edit(by=mr_lind, name="Biology 9C", subject="Biology")

    with pytest.raises(ClassChanged):
        as_okafor_saw_it.edit(by=ms_okafor, name="Biology 10A", subject="")
    as_okafor_saw_it.edit(by=ms_okafor, name="Biology 9B", grade="9")

    biology.refresh_from_db()
    assert (biology.name, biology.subject, biology.grade) == ("Biology 9C", "Biology", "9")


@pytest.mark.rule("J10")
def test_what_was_emptied_or_unticked_on_purpose_is(biology, ms_okafor, sign_in, url):
    browser = sign_in(ms_okafor)
    browser.post(url("edit/"), CHEMISTRY | {"hides_members": "on"})

    browser.post(url("edit/"), CHEMISTRY | shown_before(browser.get(url("edit/"))) | {"subject": ""})

    biology.refresh_from_db()
    assert (biology.name, biology.subject, biology.hides_members) == ("Chemistry 9C", "", False)
