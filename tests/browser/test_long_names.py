"""On a phone, long names and large letters: what ends in dots, and what is always whole."""

import pytest

from joins.acts.ask import ask_by_join_url
from tests.factories import ClassroomFactory, StudentFactory

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}
LONG_NAME = {
    "first_name": "Maria Aparecida Conceição Francisca Antônia Benedita",
    "last_name": "Cavalcanti " * 5,
}
LINES = "name => name.clientHeight / parseFloat(getComputedStyle(name).lineHeight)"


@pytest.mark.parametrize(
    ("path", "opens"),
    [("requests/", "label.request__tick"), ("members/?choose", "label.tick"), ("", "summary")],
)
def test_a_very_long_name_ends_after_three_lines_until_its_row_is_opened(
    path, opens, open_browser, ms_okafor, biology, is_in
):
    is_in(StudentFactory(**LONG_NAME))
    ask_by_join_url(biology.join_url, StudentFactory(**LONG_NAME))
    page = open_browser(ms_okafor, viewport=PHONE)
    page.goto(biology.path + path)
    row = page.locator("li.request, tr[data-role]").filter(has_text="Benedita")
    name = row.locator(".row__name > bdi")
    assert round(name.evaluate(LINES)) == 3

    row.locator(opens).first.click()

    assert round(name.evaluate(LINES)) > 4
    assert name.evaluate("name => name.scrollHeight === name.clientHeight")


def test_so_it_does_on_joined_today(open_browser, ms_okafor, biology, is_in):
    """No row opens there, but "Remove…" leads to a page with the whole name."""
    is_in(StudentFactory(**LONG_NAME))
    page = open_browser(ms_okafor, viewport=PHONE)
    page.goto(f"{biology.path}today/")

    assert round(page.locator(".row__name > bdi").filter(has_text="Benedita").evaluate(LINES)) == 3


@pytest.mark.parametrize("letters", ["100%", "150%", "200%"])
@pytest.mark.parametrize("name", ["Biology 9B", "Introduction to Mathematics 9B"])
def test_the_band_says_whole_what_kind_it_is(open_browser, ms_okafor, letters, name):
    """The word "Class" beside a long name, or in large letters, was cut."""
    classroom = ClassroomFactory(name=name, subject="Biology and chemistry", by=ms_okafor)
    page = open_browser(ms_okafor, viewport=PHONE)
    page.goto(f"{classroom.path}members/")
    page.evaluate("size => { document.documentElement.style.fontSize = size }", letters)
    kind = page.locator(".band__meta > :first-child").bounding_box()
    meta = page.locator(".band__meta").bounding_box()

    assert kind["x"] + kind["width"] <= min(meta["x"] + meta["width"], PHONE["width"]) + 1
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_beside_a_long_name_no_lone_dot_stands_behind_the_kind(open_browser, ms_okafor):
    classroom = ClassroomFactory(name="Introduction to Mathematics 9B", subject="Biology", by=ms_okafor)
    page = open_browser(ms_okafor, viewport=PHONE)
    page.goto(classroom.path)
    more, meta = page.locator(".band__more").bounding_box(), page.locator(".band__meta").bounding_box()

    assert more["width"] >= 64 or more["y"] >= meta["y"] + meta["height"]


@pytest.mark.parametrize("path", ["members/", "members/print/"])
def test_on_a_phone_a_name_from_right_to_left_begins_where_others_do(
    open_browser, ms_okafor, biology, is_in, path
):
    is_in(StudentFactory(username="layla", first_name="ليلى", last_name="حداد"))
    page = open_browser(ms_okafor, viewport={"width": 360, "height": 740})
    page.goto(f"{biology.path}{path}")
    begins = """(name) => {
      const text = new Range()
      text.selectNodeContents(name)
      return Math.round(text.getBoundingClientRect().left - name.getBoundingClientRect().left)
    }"""

    name = page.locator(".register bdi, .paper-list bdi").filter(has_text="حداد").first
    assert name.evaluate(begins) == 0
