"""A class may hide its members from its students."""

import pytest

from tests.hooks import hooks

pytestmark = [pytest.mark.django_db, pytest.mark.threat("T91")]


@pytest.fixture
def hidden(biology, ms_okafor, amara_is_member, leo_is_member, mr_brandt_is_member):
    biology.edit(by=ms_okafor, hides_members=True)
    biology.refresh_from_db()
    return biology


@pytest.fixture
def seen(sign_in):
    """seen(amara, "members/") -> the page, and how many people it lists."""

    def look(person, address):
        page = sign_in(person).get(address)
        return page.content.decode(), len(hooks(page, "data-member"))

    return look


@pytest.mark.parametrize("rest", ["", "members/", "members/?q=park"])
def test_a_student_sees_the_teachers_and_themselves(hidden, seen, amara, rest):
    page, how_many = seen(amara, hidden.path + rest)

    assert how_many == 4  # owner, co-teacher, Mr Brandt, Amara
    assert "Leo" not in page
    assert "can't see each other" in page


@pytest.mark.parametrize("person", ["ms_okafor", "mr_lind", "mr_brandt"])
def test_teachers_see_everybody(request, hidden, seen, person):
    page, how_many = seen(request.getfixturevalue(person), hidden.path + "members/")

    assert how_many == 5
    assert "can't see each other" not in page


def test_it_is_off_unless_somebody_chooses_it(biology, seen, amara, amara_is_member, leo_is_member):
    page, how_many = seen(amara, biology.path)

    assert (how_many, "Leo P." in page) == (4, True)


def test_managers_choose_it_where_they_edit_the_class(biology, linds_browser):
    fields = {"name": "Biology 9B", "kind": "class"}

    def choose(**more):
        linds_browser.post(f"{biology.path}edit/", fields | more)
        biology.refresh_from_db()
        return biology.hides_members

    assert choose(hides_members="on") is True
    assert choose() is False
