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
