"""How many clicks, letters and pages the way to something takes. `pytest -rP` shows the counts.

The two ways of new pupils are in test_first_minute.py, the three presses after a leak in test_a_leak.py.
"""

import re

import pytest
from playwright.sync_api import expect

from joins.models import JoinCode
from tests.browser.hands import Counted, focus, sees, sees_the_code
from tests.clock import time_passes
from tests.factories import PASSWORD

pytestmark = pytest.mark.browser
THIRTY = 30
# Whether all of what has the focus can be seen, and nothing lies over it. What has moved takes no pointer for a second,
# so elementFromPoint() would find what is behind it.
IS_IN_SIGHT = """() => {
  const focused = document.activeElement
  const {top, bottom, left, right} = focused.getBoundingClientRect()
  focused.style.pointerEvents = "auto"
  const seen = document.elementFromPoint((left + right) / 2, (top + bottom) / 2)
  focused.style.pointerEvents = ""
  return top >= 0 && bottom <= innerHeight && focused.contains(seen)
}"""


# The stops of the Tab key on a page: what can be pressed or written into, in no closed part. Of radio buttons, one.
STOPS = """() => {
  const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
  const stops = all.filter(place => place.tabIndex >= 0 && !place.disabled && place.type !== "hidden" &&
    place.checkVisibility({visibilityProperty: true}))
  const radios = stops.filter(place => place.type === "radio")
  return stops.length - radios.length + new Set(radios.map(place => place.name)).size
}"""
MOST_STOPS = {  # with Biology 9B, in which three wait and two teach; the bar and the foot are on each
    "/": 16,
    "/join/": 10,
    "/accounts/signup/student/": 19,
    "/accounts/login/": 14,
    "/help/": 14,
    "{path}": 34,
    "{path}board/": 4,
    "{path}requests/": 32,
    "{path}members/": 30,
}


def test_the_tab_key_stops_only_so_often(open_browser, ms_okafor, biology, asks):
    """Every stop is a press for people who use no mouse."""
    for name in ("Ada", "Ben", "Cem"):
        asks(name)
    counted = {}
    signed_out, owner = open_browser(), open_browser(ms_okafor)
    for address in MOST_STOPS:
        page = owner if "path" in address or address == "/" else signed_out
        page.goto(address.format(path=biology.path))
        counted[address] = page.evaluate(STOPS)
        print(f"{address}: {counted[address]} stops")

    assert {address: stops for address, stops in counted.items() if stops > MOST_STOPS[address]} == {}


@pytest.mark.rule("A2", "C1")
def test_a_teacher_who_signs_up_sees_the_code_after_8_clicks(open_browser, db):
    page = open_browser()
    page.goto("/")
    hands = Counted(page)

    hands.follow("Sign up")
    hands.follow("Sign up as a teacher")
    hands.type("First name", "Ngozi")
    hands.type("Last name", "Okafor", by_tab=True)
    hands.type("Email", "okafor@school.example", by_tab=True)
    hands.type("Password", PASSWORD, by_tab=True)
    hands.press("Create my account")
    hands.follow("New class or group")
    hands.type("Name", "Biology 9B")
    hands.press("Create it")

    sees_the_code(page, "unlocked")
    assert hands.counted("a teacher signs up and sees the Code").clicks <= 8


@pytest.mark.rule("K7")
def test_a_code_that_is_about_to_lock_is_kept_open_with_one_press(open_browser, ms_okafor, biology):
    time_passes(days=12)
    page = open_browser(ms_okafor)
    page.goto(biology.path)
    hands = Counted(page)

    hands.press("Keep open two more weeks")

    sees(page, re.compile(r"in 1[34]\s+days"))
    counted = hands.counted("a Code is kept open")
    assert (counted.clicks, counted.letters, JoinCode.objects.get_current(biology).state) == (
        1,
        0,
        "unlocked",
    )


@pytest.mark.rule("Q2", "J10")
def test_thirty_are_let_in_one_by_one_without_scrolling(open_browser, ms_okafor, biology, asks):
    """By keyboard, Enter again and again. The page moves only where the next row would be out of sight."""
    for n in range(THIRTY):
        asks(f"Ada{n:02}")
    page = open_browser(ms_okafor)
    page.goto(f"{biology.path}requests/")
    focus(page.get_by_role("button", name="Let in Ada00 Lee"))
    scrolled = []

    for n in range(THIRTY):
        button = page.get_by_role("button", name=f"Let in Ada{n:02} Lee")
        expect(button).to_be_focused()
        assert page.evaluate(IS_IN_SIGHT), n
        scrolled.append(page.evaluate("scrollY"))
        page.keyboard.press(
            "Shift"
        )  # another key shows that the next Enter isn't the second half of a double press
        page.keyboard.press("Enter")
        expect(button).to_have_count(0)

    assert biology.memberships.count() == THIRTY + 2
    assert scrolled[:4] == [0] * 4
    print(f"thirty are let in one by one: {THIRTY} presses, the hand never scrolls")


@pytest.mark.rule("Q2", "J10")
def test_by_mouse_the_page_never_moves(open_browser, ms_okafor, biology, asks):
    """Also if the next row is out of sight."""
    for n in range(8):
        asks(f"Ada{n}")
    page = open_browser(ms_okafor, viewport={"width": 1280, "height": 560})
    page.goto(f"{biology.path}requests/")
    before = page.evaluate("scrollY")
    let_in = page.get_by_role("button", name="Let in Ada1 Lee")
    expect(let_in).to_be_enabled()
    let_in.click()

    expect(page.get_by_role("button", name="Let in Ada2 Lee")).to_be_focused()
    assert page.evaluate("scrollY") == before


@pytest.mark.rule("Q2")
def test_a_screen_reader_hears_who_is_in_and_stands_on_the_next_button(
    open_browser, ms_okafor, biology, asks
):
    asks("Ada"), asks("Ben")
    page = open_browser(ms_okafor)
    page.goto(f"{biology.path}requests/")
    before = Heard(page)
    page.evaluate("document.querySelector('#flash').dataset.standing = 'yes'")
    focus(page.get_by_role("button", name="Let in Ada Lee"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Let in Ben Lee")).to_be_focused()

    after = Heard(page)
    assert "Ada Lee is in." not in before.live
    assert "Ada Lee is in." in after.live
    expect(page.locator("#flash[data-standing]")).to_contain_text(
        "Ada Lee is in."
    )  # the one that was there before
    assert after.focused == ("button", "Let in Ben Lee")


class Heard:
    """What a screen reader gets from Chromium: the text of the live regions, and role and name of what has the
    focus."""

    def __init__(self, page):
        nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
        self.nodes = {node["nodeId"]: node for node in nodes}
        regions = [node for node in nodes if _property(node, "live") in ("polite", "assertive")]
        self.live = " ".join(text for region in regions for text in self._texts(region))
        self.focused = next(
            (
                (node["role"]["value"], node["name"]["value"])
                for node in nodes
                if _property(node, "focused") and node["role"]["value"] != "RootWebArea"
            ),
            None,
        )

    def _texts(self, node):
        if node.get("role", {}).get("value") == "StaticText":
            yield node["name"]["value"]
        for child in node.get("childIds", []):
            if child in self.nodes:
                yield from self._texts(self.nodes[child])


def _property(node, name):
    return next(
        (found["value"].get("value") for found in node.get("properties", []) if found["name"] == name), None
    )
