"""Who sees whom in a class, however large it is."""

import html
import re

import pytest
from django.db import connection

from accounts.models import User
from tests.factories import MembershipFactory, StudentFactory
from tests.hooks import hooks

PAGES = ["", "members/"]


@pytest.fixture
def everybody_is_in(mr_brandt_is_member, leo_is_member, amara_is_member):
    """Ms Okafor, Mr Lind, Mr Brandt, Leo and Amara."""


@pytest.fixture
def see(sign_in, url):
    """see(amara, "members/?q=leo") -> the page as she sees it."""
    return lambda person, address="members/": sign_in(person).get(url(address))


@pytest.mark.rule("A6")
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("manager", ["ms_okafor", "mr_lind"])
def test_managers_see_full_names_and_usernames(page, manager, request, everybody_is_in, see):
    answer = see(request.getfixturevalue(manager), page)

    assert hooks(answer, "data-member") == ["okafor", "lind", "brandt", "leo", "amara"]
    for name in ["Okafor, Ngozi", "Lind, Jonas", "Brandt, Felix", "Park, Leo", "Toure, Amara"]:
        assert f"<bdi>{name}</bdi>" in answer.content.decode()


@pytest.mark.rule("A6")
@pytest.mark.threat("T91")
@pytest.mark.parametrize("page", PAGES)
def test_a_student_sees_classmates_by_first_name_and_initial(page, everybody_is_in, amara, see):
    answer = see(amara, page)

    assert hooks(answer, "data-member") == ["", "", "amara", "", ""]
    text = answer.content.decode()
    for name in ["Ngozi Okafor", "Jonas Lind", "Felix Brandt", "Leo P.", "Amara T."]:
        assert f"<bdi>{name}</bdi>" in text
    for hidden in ["Park", "okafor", "brandt", "/leo/", ">leo<"]:
        assert hidden not in text


@pytest.mark.rule("A6", "C2")
def test_a_teacher_who_only_is_a_member_sees_no_more_than_a_student(everybody_is_in, mr_brandt, see):
    answer = see(mr_brandt)

    assert hooks(answer, "data-member") == ["", "", "", "brandt", ""]
    assert "Park" not in answer.content.decode()


def test_managers_stand_first_then_the_members_by_name(everybody_is_in, ms_okafor, see):
    assert hooks(see(ms_okafor), "data-role") == ["owner", "co-teacher", "member", "member", "member"]


@pytest.mark.threat("T07")
@pytest.mark.parametrize("page", PAGES)
def test_neither_members_nor_strangers_see_the_doors(page, everybody_is_in, amara, mr_brandt, see):
    for person in (amara, mr_brandt):
        answer = see(person, page)
        assert hooks(answer, "data-code") == hooks(answer, "data-join-url") == []


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
    answer = sign_in(mr_lind).get(url("members/"), {"q": words})

    assert answer.status_code == 200
    assert hooks(answer, "data-member") == found


@pytest.mark.parametrize("words", ["álvarez", "ÁLVAREZ", "sofía álv"])
def test_big_and_small_letters_of_other_alphabets_are_alike_too(words, biology, ms_okafor, see):
    sofia = StudentFactory(username="sofia", first_name="Sofía", last_name="Álvarez")
    MembershipFactory(classroom=biology, user=sofia)

    assert hooks(see(ms_okafor, f"members/?q={words}"), "data-member") == ["sofia"]


@pytest.mark.rule("A6")
@pytest.mark.threat("T11")
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("words", ["leo", "Park", "okafor", "nobody"])
def test_nobody_else_searches(page, words, everybody_is_in, amara, see):
    """Otherwise the search would confirm guesses at usernames."""
    answer = see(amara, f"{page}?q={words}")

    assert len(hooks(answer, "data-member")) == 5
    assert 'name="q"' not in answer.content.decode()


@pytest.fixture
def fill_class(biology):
    """fill_class(2000) -> adds that many students to the class."""

    def fill(how_many):
        students = StudentFactory.build_batch(how_many)
        type(students[0]).objects.bulk_create(students)
        places = [MembershipFactory.build(classroom=biology, user=user, code="X") for user in students]
        type(places[0]).objects.bulk_create(places)

    return fill


def test_a_large_class_is_paged(fill_class, ms_okafor, see):
    fill_class(100)

    assert [len(hooks(see(ms_okafor, f"members/?page={n}"), "data-member")) for n in (1, 2, 3)] == [50, 50, 2]


@pytest.mark.parametrize(("how_many", "counted"), [(1, 0), (2000, 1)])
def test_the_pages_ask_as_little_for_many_as_for_one(
    how_many, counted, fill_class, ms_okafor, amara_is_member, amara, sign_in, url, count_queries
):
    fill_class(how_many)
    of_the_owner, of_a_student = sign_in(ms_okafor), sign_in(amara)

    # Session with user, membership, numbers in the header, the members of the page, how many members if not all fit on
    # the page; one more for Code and Join URL.
    for browser, page, queries in [
        (of_the_owner, "", 5),
        (of_the_owner, "members/", 4),
        (of_the_owner, "members/?q=example", 5),  # and how many members in all
        (of_a_student, "", 4),
        (of_a_student, "members/", 4),
    ]:
        with count_queries(queries + counted):
            browser.get(url(page))


def come_in(classroom, *people):
    for number, (first_name, last_name) in enumerate(people):
        user = StudentFactory(username=f"p{number:02}", first_name=first_name, last_name=last_name)
        MembershipFactory(classroom=classroom, user=user)


def names_shown(page):
    return re.findall(r'row__name">\s*<bdi>(.*?)</bdi>', page.content.decode())


AS_PEOPLE_SORT = [
    ("Ida", "Abel"),
    ("Ana", "\u00c1lvarez"),
    ("Bea", "Alvarez"),
    ("Ana", "de la Cruz"),
    ("ana", "De La Cruz"),
    ("Wei", "Li"),
    ("Ann", "Lindt"),
    ("Jo", "\u0141uk"),
    ("Madonna", ""),
    ("Abe", "Mo"),
    ("Pat", "O\u2019Neill"),
    ("Max", "\u00d6ztürk"),
    ("Zo\u00eb", "Zeller"),
    ("\u0418\u0432\u0430\u043d", "\u0401\u043b\u043a\u0438\u043d"),
    ("\u5c0f\u9f8d", "\u674e"),
]


@pytest.mark.rule("A7")
def test_a_list_is_sorted_as_people_sort_and_shown_as_it_is_sorted(biology, ms_okafor, see):
    """Accents, case and punctuation don't count, and both databases agree."""
    come_in(biology, *reversed(AS_PEOPLE_SORT))

    names = [html.unescape(name) for name in names_shown(see(ms_okafor))[2:]]

    expected = [", ".join(filter(None, [last, first])) for first, last in AS_PEOPLE_SORT]
    swapped = {"De La Cruz, ana": "de la Cruz, Ana"}  # These are equal; the lower username comes first.
    assert [swapped.get(name, name) for name in names] == [swapped.get(name, name) for name in expected]


@pytest.mark.rule("A7")
@pytest.mark.postgres
def test_the_order_of_the_databases_machine_does_not_matter(biology, ms_okafor, see):
    """Most machines skip spaces and signs when they sort, as this one does, and would put "Lindt, Ann" first."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE COLLATION of_the_machine (provider = icu, locale = 'en-US-u-ka-shifted')")
        cursor.execute("ALTER TABLE accounts_user ALTER sort_name TYPE varchar(300) COLLATE of_the_machine")
    come_in(biology, ("Ann", "Lindt"), ("Wei", "Li"))

    assert [html.unescape(name) for name in names_shown(see(ms_okafor))[2:]] == ["Li, Wei", "Lindt, Ann"]


@pytest.mark.rule("A7")
def test_no_letter_of_the_latin_script_stands_behind_z(biology, ms_okafor, see):
    """Punctuation before a name doesn't count either."""
    come_in(
        biology,
        ("", "\u02bfAl\u012b"),
        ("", "\u0181ello"),
        ("", "\u018fliyev"),
        ("", "Fry"),
        ("", "\u0198wai"),
        ("", "Zed"),
    )

    assert hooks(see(ms_okafor), "data-member")[2:] == [f"p{number:02}" for number in range(6)]


@pytest.mark.rule("A6", "A7")
def test_classmates_see_the_list_by_first_name(biology, amara_is_member, amara, see):
    """Their order reveals nothing about last names."""
    come_in(biology, ("Zo\u00eb", "Abel"), ("\u00c1na", "Zeller"), ("bea", "Moor"))

    assert names_shown(see(amara))[2:] == ["Amara T.", "\u00c1na Z.", "bea M.", "Zo\u00eb A."]


@pytest.mark.rule("A7")
@pytest.mark.parametrize(
    ("first_name", "last_name", "typed"),
    [
        ("Sof\u00eda", "\u00c1lvarez", ["sofia alvarez", "Alvarez, Sofia", "SOFI\u0301A", "a\u0301lvarez"]),
        ("M\u00aa Carmen", "Gar\u00e7on", ["M\u00aa Carmen", "ma carmen", "garcon", "Garc\u0327on"]),
        ("\u0141ukasz", "S\u00f8rensen", ["lukasz", "sorensen", "S\u00d8RENSEN \u0142ukasz"]),
        ("Pat", "O\u2019Neill", ["O'Neill", "oneill", "o neill, pat"]),
        ("Ana-Maria", "Wei\u00df", ["ana maria", "Ana-Maria", "weiss", "WEI\u1e9e"]),
        ("Md.Rahim", "", ["Md.Rahim", "md rahim", "Md. Rahim"]),
        ("Arjun a/l", "Kumar", ["kumar, arjun a/l"]),
        ("\u0e19\u0e49\u0e33", "\u0e43\u0e08", ["\u0e19\u0e49\u0e33", "\u0e43\u0e08"]),
        ("\u0587", "\u0531\u0576\u056b", ["\u0587", "\u0565\u0582"]),
        ("\u0639\u0644\u06cc\u200c\u0631\u0636\u0627", "", ["\u0639\u0644\u064a\u0631\u0636\u0627"]),
        ("\u0918\u0930\u094d\u200d\u091f\u0940", "", ["\u0918\u0930\u094d\u091f\u0940"]),
        ("\u1112\u1161\u11ab", "\uae40", ["\ud55c", "\uae40 \ud55c", "\uae40, \ud55c"]),
        ("\uff27race", "Ito", ["grace"]),
        ("Gal\u00b7la", "Coll", ["galla", "gal.la", "gal\u00b7la", "coll, gal\u00b7la"]),
        (
            "\u05d2\u05f3\u05d5\u05e8\u05d2\u05f3",
            "",
            ["\u05d2'\u05d5\u05e8\u05d2'", "\u05d2\u05d5\u05e8\u05d2"],
        ),
        ("\u0181ello", "\u0198wai", ["bello", "kwai", "\u0253ello"]),
        ("\u018fli", "\u018fliyev", ["eli eliyev", "\u0259li"]),
        ("\u02bfAl\u012b", "O\u201bBrien", ["ali", "'ali", "obrien", "O'Brien"]),
        ("\u0418\u0432\u0430\u043d", "\u0401\u043b\u043a\u0438\u043d", ["\u0435\u043b\u043a\u0438\u043d"]),
    ],
)
def test_a_name_is_found_however_it_is_typed(first_name, last_name, typed, biology, ms_okafor, sign_in, url):
    """Composed or not, with or without accents, first-last, last-first, with a comma."""
    come_in(biology, (first_name, last_name), ("Nobody", "Else"))
    browser = sign_in(ms_okafor)

    found = {words: hooks(browser.get(url("members/"), {"q": words}), "data-member") for words in typed}

    assert found == dict.fromkeys(typed, ["p00"])


@pytest.mark.rule("A7")
@pytest.mark.parametrize("rename", ["save", "save of one field", "update", "update of one field", "profile"])
def test_whoever_is_renamed_is_found_and_sorted_by_the_new_name(
    rename, biology, ms_okafor, sign_in, url, see
):
    """Every write of a name also fills the two columns for searching and sorting."""
    come_in(biology, ("Ann", "Zeller"), ("Max", "Moor"))
    ann = User.objects.get(username="p00")
    ann.last_name = "\u00c1bel"
    if rename == "save":
        ann.save()
    elif rename == "save of one field":
        ann.save(update_fields=["last_name"])
    elif rename == "update":
        User.objects.filter(pk=ann.pk).update(first_name="Ann", last_name="\u00c1bel", username="p00")
    elif rename == "update of one field":
        User.objects.filter(pk=ann.pk).update(last_name="\u00c1bel")
    else:
        fields = {"first_name": "Ann", "last_name": "\u00c1bel", "time_zone": "UTC"}
        sign_in(ann).post("/accounts/profile/", fields)

    assert hooks(see(ms_okafor, "members/?q=abel"), "data-member") == ["p00"]
    assert hooks(see(ms_okafor), "data-member")[2:] == ["p00", "p01"]
