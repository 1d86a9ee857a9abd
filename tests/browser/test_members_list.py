"""The list of members: by keyboard, where a page of fifty is crossed without tabbing for ever, and on a phone."""

import pytest
from playwright.sync_api import expect

from tests.browser.eyes import faults_of
from tests.browser.hands import press, sees
from tests.factories import MembershipFactory, StudentFactory

pytestmark = pytest.mark.browser

MOST_STOPS = 60  # on a page of 50 people
FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
# Between the band of the class and what stands below the table: the acts, the pages, the file, the foot. The link that
# skips the rows isn't counted: it saves stops.
STOPS_ABOVE_THE_FOOT = """(focusable) => {
  const table = document.querySelector("table.register")
  const after = Node.DOCUMENT_POSITION_FOLLOWING
  return [...document.querySelectorAll(`main > .wrap :is(${focusable})`)].filter((each) =>
    each.checkVisibility() && !each.matches(".skip") &&
    (table.contains(each) || each.compareDocumentPosition(table) & after)).length
}"""


@pytest.fixture
def hundred(biology):
    """More than a full page of students, so that page 2 has fifty rows that can be chosen."""
    for user in StudentFactory.create_batch(100):
        MembershipFactory(classroom=biology, user=user)


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("query", ["?page=2", "?page=2&choose=1"])
def test_a_page_of_fifty_has_few_stops(open_browser, ms_okafor, biology, hundred, width, query):
    page = open_browser(ms_okafor, viewport={"width": width, "height": 800})
    page.goto(f"{biology.path}members/{query}")

    assert page.locator("table.register tbody tr").count() == 50
    stops = page.evaluate(STOPS_ABOVE_THE_FOOT, FOCUSABLE)
    assert 50 <= stops <= MOST_STOPS


@pytest.mark.parametrize("query", ["?page=2", "?page=2&choose=1"])
def test_by_keyboard_the_list_can_be_skipped(open_browser, ms_okafor, biology, hundred, query):
    """Otherwise what stands below it is fifty stops away."""
    page = open_browser(ms_okafor)
    page.goto(f"{biology.path}members/{query}")
    top = edges(page, "table.register", "y")
    skip = page.get_by_role("link", name="Skip the list")
    skip.focus()
    assert skip.bounding_box()["height"] >= 44
    assert edges(page, "table.register", "y") == top  # it lies over the list
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    expect(page.get_by_role("link", name="Previous")).to_be_focused()


@pytest.mark.parametrize("has_script", [True, False])
def test_a_teacher_removes_two_by_keyboard(open_browser, ms_okafor, biology, amara, leo, is_in, has_script):
    is_in(amara)
    is_in(leo)
    page = open_browser(ms_okafor, java_script_enabled=has_script)
    page.goto(f"{biology.path}members/")
    page.get_by_role("link", name="Choose several").press("Enter")
    for name in (amara.full_name, leo.full_name):
        page.get_by_role("checkbox", name=name).press("Space")
    page.get_by_role("button", name="Remove…").press("Enter")

    expect(page.get_by_role("heading", name="Remove 2 people?")).to_be_visible()
    page.wait_for_timeout(2_000)  # before, a browser without scripts answers no question (J10)
    page.get_by_role("button", name="Remove").press("Enter")
    expect(page.get_by_text("Removed and blocked 2 people: ")).to_be_visible()
    expect(page.locator("[data-member]")).to_have_count(2)


def edges(page, selector, side="x"):
    """Where each of these begins, in pixels; `side` may also be "y"."""
    return {round(each.bounding_box()[side]) for each in page.locator(selector).all() if each.is_visible()}


def test_a_phone_sorts_too(open_browser, ms_okafor, biology, amara, is_in):
    is_in(amara)
    page = open_browser(ms_okafor, viewport={"width": 360, "height": 740})
    page.goto(f"{biology.path}members/")

    assert len(edges(page, ".register__head", "y")) == 1
    page.get_by_role("link", name="Sort by Joined").click()
    expect(page.locator("[data-member=amara] .register__joined")).to_be_visible()


@pytest.mark.parametrize("query", ["", "?choose=1"])
def test_the_badges_stand_in_one_line_on_a_phone(open_browser, ms_okafor, biology, query):
    page = open_browser(ms_okafor, viewport={"width": 360, "height": 740})
    page.goto(f"{biology.path}members/{query}")

    assert page.locator("[data-member=okafor] .badge").all_inner_texts() == ["Owner", "You"]
    assert len(edges(page, "[data-member=okafor] .badge", "y")) == 1
    assert {round(row.bounding_box()["height"]) for row in page.locator("[data-member]").all()} <= {64, 65}


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_the_boxes_stand_at_one_edge(open_browser, ms_okafor, biology, amara, is_in, width):
    is_in(amara)
    page = open_browser(ms_okafor, viewport={"width": width, "height": 740})
    page.goto(f"{biology.path}members/?choose=1")

    assert page.locator("[type=checkbox]").count() == 3  # Mr Lind, Amara, and all
    assert len(edges(page, "[type=checkbox]")) == 1
    assert len(edges(page, "[data-member] .initial")) == 1


@pytest.mark.parametrize("has_script", [True, False])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_acts_stay_in_sight_once_somebody_is_ticked(
    open_browser, ms_okafor, biology, hundred, width, has_script
):
    page = open_browser(ms_okafor, viewport={"width": width, "height": 740}, java_script_enabled=has_script)
    page.goto(f"{biology.path}members/?choose=1")
    remove = page.get_by_role("button", name="Remove…")
    expect(remove).not_to_be_in_viewport()
    page.locator("[name=member]").first.check()

    expect(remove).to_be_in_viewport()
    for _ in range(12):  # the box that has the focus is never behind the acts
        page.keyboard.press("Tab")
        focused = page.locator(":focus").bounding_box()
        assert focused["y"] + focused["height"] <= page.locator(".bulk").bounding_box()["y"]


@pytest.mark.parametrize("way", ["sort", "search", "back"])
def test_who_is_ticked_stays_ticked(open_browser, ms_okafor, biology, amara, leo, is_in, way):
    is_in(amara)
    is_in(leo)
    page = open_browser(ms_okafor)
    page.goto(f"{biology.path}members/?choose=1")
    page.get_by_role("checkbox", name=amara.full_name).check()
    if way == "sort":
        page.get_by_role("link", name="Sort by First name").click()
        expect(page.get_by_text("Sorted by First name")).to_be_attached()
    elif way == "search":
        page.get_by_label("Name or username").fill("leo")
        page.get_by_role("button", name="Find").click()
        sees(page, "1 more person is ticked, but not on this page.")
        page.get_by_role("link", name="Show everybody").click()
    else:
        page.get_by_role("button", name="Remove…").click()
        sees(page, f"Remove {amara.full_name}?")
        page.go_back()

    expect(page.get_by_role("checkbox", name=amara.full_name)).to_be_checked()
    expect(page.get_by_role("checkbox", name=leo.full_name)).not_to_be_checked()
    page.get_by_role("button", name="Move to the queue…").click()
    sees(page, f"Move {amara.full_name} to the queue?")


def test_after_an_act_the_list_stands_where_it_stood(open_browser, ms_okafor, biology, hundred):
    page = open_browser(ms_okafor, viewport={"width": 1280, "height": 740})
    page.goto(f"{biology.path}members/")
    row = page.locator("[data-member]").nth(40)
    below = page.locator("[data-member]").nth(41).get_attribute("data-member")
    row.locator("summary").click()
    row.get_by_role("link", name="Remove…").click()
    press(page, "Remove")

    sees(page, "is removed and blocked.")
    expect(page.locator(f"[data-member={below}]")).to_be_in_viewport()


def test_the_list_with_boxes_has_no_faults(open_browser, ms_okafor, biology, amara, is_in):
    is_in(amara)
    page = open_browser(ms_okafor)
    page.goto(f"{biology.path}members/?choose=1")

    assert faults_of(page) == []
