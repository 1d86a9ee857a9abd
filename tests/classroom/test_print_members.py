"""The list of all members, to print: everybody on one page, however many they are."""

import re
from html import unescape

import pytest

from accounts.names import draw_username
from classroom.models import Membership
from tests.factories import MembershipFactory, StudentFactory, TeacherFactory
from tests.hooks import hooks, page_text

MOST_BYTES = 300_000  # for 2,000 people


@pytest.fixture
def printed(sign_in, ms_okafor, url):
    """printed("?sort=first") -> the page as Ms Okafor sees it."""
    browser = sign_in(ms_okafor)
    return lambda query="": browser.get(url(f"members/print/{query}"))


def lines(page):
    """The text of each line."""
    found = re.findall("<li><bdi>(.*?)</li>", page.content.decode(), re.DOTALL)
    return [unescape(" ".join(re.sub("<[^>]+>", "", line).split())) for line in found]


@pytest.fixture
def three_pupils(biology):
    for username, first_name, last_name in (
        ("zoe", "Zo\u00eb", "Abel"),
        ("ana", "\u00c1na", "Moor"),
        ("mo", "", "Mo"),
    ):
        user = StudentFactory(username=username, first_name=first_name, last_name=last_name)
        MembershipFactory(classroom=biology, user=user)


@pytest.mark.rule("A6", "A7")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            "",
            [
                "Okafor, Ngozi Owner okafor",
                "Lind, Jonas Co-teacher lind",
                "Abel, Zo\u00eb zoe",
                "Mo mo",
                "Moor, \u00c1na ana",
            ],
        ),
        (
            "?sort=first&q=zoe&part=today&page=9",
            [
                "Ngozi Okafor Owner okafor",
                "Jonas Lind Co-teacher lind",
                "\u00c1na Moor ana",
                "Mo mo",
                "Zo\u00eb Abel zoe",
            ],
        ),
    ],
)
def test_everybody_is_on_it_as_the_list_is_sorted(query, expected, three_pupils, printed):
    assert lines(printed(query)) == expected


def test_a_teacher_is_called_one_and_no_drawn_username_is_shown(biology, printed):
    teacher = TeacherFactory(username=draw_username(), first_name="Bea", last_name="Berg")
    MembershipFactory(classroom=biology, user=teacher)

    assert lines(printed())[-1] == "Berg, Bea Teacher"


def test_it_says_how_many_of_which_class(three_pupils, printed):
    assert "Members 5" in page_text(printed())
    assert "Biology 9B" in page_text(printed())


def test_the_list_leads_to_it_and_back_to_the_same_place(sign_in, ms_okafor, url):
    address = url("members/print/?part=teachers&amp;sort=first")
    page = sign_in(ms_okafor).get(url("members/?part=teachers&sort=first"))

    assert address.replace("&amp;", "&") in hooks(page, "href")
    back = sign_in(ms_okafor).get(address.replace("&amp;", "&"))
    assert url("members/?part=teachers&sort=first") in hooks(back, "href")


@pytest.mark.rule("A6")
def test_only_managers_are_offered_it(sign_in, amara_is_member, amara, url):
    assert "members/print/" not in sign_in(amara).get(url("members/")).content.decode()


@pytest.mark.parametrize("how_many", [1, 1998])
def test_it_asks_as_little_and_is_as_short_for_many_as_for_one(how_many, biology, printed, count_queries):
    students = StudentFactory.build_batch(how_many)
    StudentFactory._meta.model.objects.bulk_create(students)
    Membership.objects.bulk_create(
        Membership(classroom=biology, user=user, door="join-url") for user in students
    )

    with count_queries(4):  # session with user, membership, numbers in the header, the members
        page = printed()
    assert len(lines(page)) == how_many + 2
    assert len(page.content) < MOST_BYTES
