"""The managers' table of the members: sorted, searched and narrowed down on the server."""

import html
import re

import pytest

from classroom.models import Door, Membership
from tests.clock import time_passes
from tests.factories import MembershipFactory, StudentFactory
from tests.hooks import hooks, page_text


@pytest.fixture
def three_pupils(biology):
    """Zoë Abel and Ána Moor joined by Code, and two days later bea Zeller by the Join URL."""
    for username, first_name, last_name in (("zoe", "Zo\u00eb", "Abel"), ("ana", "\u00c1na", "Moor")):
        user = StudentFactory(username=username, first_name=first_name, last_name=last_name)
        MembershipFactory(classroom=biology, user=user)
    time_passes(days=2)
    bea = StudentFactory(username="bea", first_name="bea", last_name="Zeller")
    MembershipFactory(classroom=biology, user=bea, door=Door.JOIN_URL, code="")


@pytest.fixture
def see(sign_in, ms_okafor, three_pupils, url):
    """see("sort=first") -> the page as Ms Okafor sees it."""
    browser = sign_in(ms_okafor)
    return lambda query="": browser.get(url(f"members/?{query}"))


def usernames(page):
    """Without the managers, who stand first."""
    return [name for name in hooks(page, "data-member") if name not in ("okafor", "lind")]


@pytest.mark.rule("A7")
@pytest.mark.parametrize(
    ("sort", "expected", "aria_sort"),
    [
        ("", ["zoe", "ana", "bea"], ["ascending"]),
        ("last", ["zoe", "ana", "bea"], ["ascending"]),
        ("first", ["ana", "bea", "zoe"], ["ascending"]),
        ("joined", ["bea", "ana", "zoe"], ["descending"]),
        ("door", ["zoe", "ana", "bea"], ["ascending"]),
        ("user__password", ["zoe", "ana", "bea"], ["ascending"]),
    ],
)
def test_a_manager_sorts_the_table(sort, expected, aria_sort, see):
    page = see(f"sort={sort}")

    found = usernames(page)
    # Both joined at the same moment.
    assert sorted(found, key=expected.index) == expected if sort == "joined" else found == expected
    assert hooks(page, "aria-sort") == aria_sort
    assert hooks(page, "data-role")[:2] == ["owner", "co-teacher"]


@pytest.mark.rule("A7")
def test_names_are_shown_as_they_are_sorted(see):
    assert "<bdi>Moor, \u00c1na</bdi>" in see("sort=last").content.decode()
    assert "<bdi>\u00c1na Moor</bdi>" in see("sort=first").content.decode()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("part=teachers", ["okafor", "lind"]),
        ("part=today", ["bea"]),
        ("part=nobody", ["okafor", "lind", "zoe", "ana", "bea"]),
        ("part=today&q=bea", ["bea"]),
        ("part=today&q=zoe", []),
    ],
)
def test_a_part_of_the_members(query, expected, see):
    assert hooks(see(query), "data-member") == expected


def test_a_search_says_how_many_match(see):
    assert "1 of 5 matches “ana”." in page_text(see("q=ana"))
    assert "4 of 5 match “o”." in page_text(see("q=o"))
    assert "Nobody here has “q” in their name." in page_text(see("q=q"))
    assert "Nobody who joined today has “zoe” in their name." in page_text(see("q=zoe&part=today"))
    assert "No teacher here has “zoe” in their name." in page_text(see("q=zoe&part=teachers"))
    assert " match “" not in page_text(see())


def test_links_keep_search_part_and_order(see):
    links = [html.unescape(link) for link in hooks(see("q=e&part=today&sort=door&page=9"), "href")]

    assert any(link.endswith("/members/?q=e&part=today&sort=first") for link in links)
    assert any(link.endswith("/members/?q=e&part=teachers&sort=door") for link in links)
    assert any(link.endswith("/members/bea/remove/?q=e&part=today&sort=door&page=9") for link in links)


def test_the_next_page_keeps_the_order(see, biology):
    students = StudentFactory.create_batch(50)
    Membership.objects.bulk_create(
        MembershipFactory.build(classroom=biology, user=user, code="X") for user in students
    )

    next_pages = [html.unescape(link) for link in hooks(see("sort=first&q=r"), "href") if "page=2" in link]

    assert next_pages == [f"{biology.path}members/?q=r&sort=first&page=2"]


def ways_said(page):
    """What the table says about how each person joined."""
    cells = re.findall(r'_joined">(.*?)</td>', page.content.decode(), re.DOTALL)
    return [" ".join(re.sub("<[^>]+>", " ", cell).split()).split(",")[0] for cell in cells]


def test_a_search_keeps_part_and_order_and_all_of_it_can_be_left(see, url):
    body = see("q=bea&part=today&sort=door").content.decode()

    assert re.findall(r'name="(part|sort)" value="(.*?)"', body) == [("part", "today"), ("sort", "door")]
    assert html.unescape(re.search(r'href="([^"]*)">Show everybody', body)[1]) == url("members/?sort=door")


@pytest.mark.rule("J10")
def test_a_search_on_the_page_of_a_refused_act_leads_to_the_list(see, sign_in, ms_okafor, url):
    page = sign_in(ms_okafor).post(url("members/zoe/co-teacher/"))

    assert page.status_code == 403
    assert f'role="search" action="{url("members/")}"' in page.content.decode()


@pytest.mark.rule("J9")
def test_nobody_joined_by_opening_the_class(biology, see):
    """Two people are in charge from the first day on if an operator gives the class to somebody else that day."""
    first_day = biology.memberships.get(role="owner").joined_at
    biology.memberships.filter(role="co-teacher").update(door=Door.OPENED, code="", joined_at=first_day)
    biology.memberships.filter(user__username__in=["zoe", "ana"]).delete()

    assert "unless their row says otherwise" not in page_text(see())
    assert ways_said(see()) == ["in charge", "in charge", "by the Join URL"]


@pytest.mark.rule("J9")
def test_only_who_joined_in_another_way_is_said_how(see):
    assert "Everybody joined by the Code on" in page_text(see())
    assert ways_said(see()) == ["in charge", "", "", "", "by the Join URL"]
    # Who sorts by it wants to see it.
    assert ways_said(see("sort=joined"))[1:3] == ["by the Code", "by the Join URL"]


@pytest.mark.rule("A6")
@pytest.mark.parametrize("query", ["sort=last", "sort=door", "part=teachers", "part=today"])
def test_nobody_else_sorts_or_chooses_a_part(
    query, three_pupils, mr_brandt_is_member, mr_brandt, sign_in, url
):
    page = sign_in(mr_brandt).get(url(f"members/?{query}"))

    names = re.findall(r'row__name">\s*<bdi>(.*?)</bdi>', page.content.decode())
    assert names[2:] == ["\u00c1na M.", "bea Z.", "Felix Brandt", "Zo\u00eb A."]
    assert "sort=" not in page.content.decode().split("<main")[1].split("Pages")[0]


def test_a_colour_belongs_to_a_person(see, biology):
    colours = hooks(see(), "data-colour")

    assert colours == hooks(see(), "data-colour")
    assert set(colours) <= set(biology.Colour.values)
    assert len(set(colours)) > 1
