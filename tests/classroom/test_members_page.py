"""Who sees whom in a class (A6, T11), however large it is."""

import pytest

from tests.factories import MembershipFactory, StudentFactory
from tests.hooks import hooks

PAGES = ["", "members/"]


@pytest.fixture
def everybody_is_in(mr_brandt_is_in, leo_is_in, amara_is_in):
    """Ms Okafor, Mr Lind, Mr Brandt, Leo and Amara."""


@pytest.fixture
def see(sign_in, url):
    """see(amara, "members/?q=leo") -> the page as she sees it."""
    return lambda person, address="members/": sign_in(person).get(url(address))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("manager", ["ms_okafor", "mr_lind"])
def test_managers_see_full_names_and_usernames(page, manager, request, everybody_is_in, see):
    """A6"""
    shown = see(request.getfixturevalue(manager), page)

    assert hooks(shown, "data-member") == ["okafor", "lind", "brandt", "leo", "amara"]
    for name in ["Ngozi Okafor", "Jonas Lind", "Felix Brandt", "Leo Park", "Amara Toure"]:
        assert f"<bdi>{name}</bdi>" in shown.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_a_student_sees_classmates_by_first_name_and_initial(page, everybody_is_in, amara, see):
    """A6, T91"""
    shown = see(amara, page)

    assert hooks(shown, "data-member") == ["", "", "", "", "amara"]
    text = shown.content.decode()
    for name in ["Ngozi Okafor", "Jonas Lind", "Felix Brandt", "Leo P.", "Amara T."]:
        assert f"<bdi>{name}</bdi>" in text
    for hidden in ["Park", "okafor", "brandt", "/leo/", ">leo<"]:
        assert hidden not in text


def test_a_teacher_who_only_is_a_member_sees_no_more_than_a_student(everybody_is_in, mr_brandt, see):
    """A6, C2"""
    shown = see(mr_brandt)

    assert hooks(shown, "data-member") == ["", "", "brandt", "", ""]
    assert "Park" not in shown.content.decode()


def test_managers_stand_first_then_the_members_by_name(everybody_is_in, ms_okafor, see):
    assert hooks(see(ms_okafor), "data-role") == ["owner", "co-teacher", "member", "member", "member"]


@pytest.mark.parametrize("page", PAGES)
def test_neither_members_nor_strangers_see_the_doors(page, everybody_is_in, amara, mr_brandt, see):
    """T07"""
    for person in (amara, mr_brandt):
        shown = see(person, page)
        assert hooks(shown, "data-code") == hooks(shown, "data-join-url") == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("leo", ["leo"]),
        ("PARK", ["leo"]),
        ("leo park", ["leo"]),
        ("park leo", ["leo"]),
        ("o", ["okafor", "lind", "leo", "amara"]),
        ("leo lind", []),
        ("%", []),
        ("_", []),
        ("  ", ["okafor", "lind", "brandt", "leo", "amara"]),
        ("leo " * 3_000, ["leo"]),
    ],
)
def test_managers_search_by_name_and_username(words, found, everybody_is_in, mr_lind, sign_in, url):
    shown = sign_in(mr_lind).get(url("members/"), {"q": words})

    assert shown.status_code == 200
    assert hooks(shown, "data-member") == found


@pytest.mark.parametrize("words", ["álvarez", "ÁLVAREZ", "sofía álv"])
def test_big_and_small_letters_of_other_alphabets_are_alike_too(words, biology, ms_okafor, see):
    sofia = StudentFactory(username="sofia", first_name="Sofía", last_name="Álvarez")
    MembershipFactory(classroom=biology, user=sofia)

    assert hooks(see(ms_okafor, f"members/?q={words}"), "data-member") == ["sofia"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("words", ["leo", "Park", "okafor", "nobody"])
def test_nobody_else_searches(page, words, everybody_is_in, amara, see):
    """A6, T11: else a guess at a username would be answered."""
    shown = see(amara, f"{page}?q={words}")

    assert len(hooks(shown, "data-member")) == 5
    assert 'name="q"' not in shown.content.decode()


@pytest.fixture
def fill_class(biology):
    """fill_class(2000) -> so many students more are in the class."""

    def fill(how_many):
        students = StudentFactory.build_batch(how_many)
        type(students[0]).objects.bulk_create(students)
        places = [MembershipFactory.build(classroom=biology, user=user, code="X") for user in students]
        type(places[0]).objects.bulk_create(places)

    return fill


def test_a_large_class_is_paged(fill_class, ms_okafor, see):
    fill_class(100)

    assert [len(hooks(see(ms_okafor, f"members/?page={n}"), "data-member")) for n in (1, 2, 3)] == [50, 50, 2]


@pytest.mark.parametrize("page", ["0", "-1", "99", "two", "", "9" * 400, "1.5"])
def test_a_page_that_is_not_there_shows_one_that_is(page, fill_class, ms_okafor, see):
    fill_class(60)

    assert len(hooks(see(ms_okafor, f"members/?page={page}"), "data-member")) in (12, 50)


@pytest.mark.parametrize("how_many", [1, 2000])
def test_the_pages_ask_as_little_for_many_as_for_one(
    how_many, fill_class, ms_okafor, amara_is_in, amara, sign_in, url, count_queries
):
    fill_class(how_many)
    of_the_owner, of_a_student = sign_in(ms_okafor), sign_in(amara)

    # Session, user, membership, the counts in the head, how many members, those of the page; the door: 3 more.
    for browser, page, queries in [
        (of_the_owner, "", 9),
        (of_the_owner, "members/", 6),
        (of_the_owner, "members/?q=example", 6),
        (of_a_student, "", 6),
        (of_a_student, "members/", 6),
    ]:
        with count_queries(queries):
            browser.get(url(page))
