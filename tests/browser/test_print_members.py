"""The list of the members on paper."""

import pytest
from playwright.sync_api import expect

from tests.browser.pdf import pages_of
from tests.factories import MembershipFactory, StudentFactory

pytestmark = pytest.mark.browser

PER_PAGE = 50  # of the list on the screen


@pytest.fixture
def pupils(biology):
    """As many as fill several sheets of paper."""
    users = [StudentFactory(username=f"pupil{number:03}x") for number in range(150)]
    for user in users:
        MembershipFactory(classroom=biology, user=user)
    return [user.username for user in users]


def usernames_on(sheet):
    return [words for words in sheet if words.text.startswith("pupil")]


def test_a_very_long_name_stands_beside_its_number(open_browser, ms_okafor, biology):
    user = StudentFactory(first_name="Maria Aparecida " * 3, last_name="Cavalcanti Figueiredo " * 2)
    MembershipFactory(classroom=biology, user=user)
    page = open_browser(ms_okafor, viewport={"width": 794, "height": 1123})
    page.goto(f"{biology.path}members/print/")
    page.emulate_media(media="print")
    tops = "line => [line, line.querySelector('bdi')].map(place => place.getBoundingClientRect().top)"
    line, name = page.locator(".paper-list > li").filter(has_text="Cavalcanti").evaluate(tops)

    assert name - line < 10


def test_everybody_is_printed_in_two_columns(open_browser, ms_okafor, biology, pupils):
    page = open_browser(ms_okafor)
    page.goto(f"{biology.path}members/")
    page.get_by_role("link", name="Print the list").click()
    expect(page.get_by_role("button", name="Print the list")).to_be_visible()
    sheets = pages_of(page.pdf(format="A4"))

    assert sorted(words.text for sheet in sheets for words in usernames_on(sheet)) == sorted(pupils)
    middle = max(words.x for sheet in sheets for words in sheet) / 2
    for sheet in sheets[:-1]:
        in_left_column = [words.x < middle for words in usernames_on(sheet)]
        assert min(in_left_column.count(True), in_left_column.count(False)) > 20
    # As large as all that we print, and not what a page needs that doesn't fit.
    assert 2 < len(sheets) < 5
    assert not {"Print the list", "Back to the members", "My classes"} & {
        words.text for sheet in sheets for words in sheet
    }


def test_a_page_of_the_list_prints_alike_and_says_where_all_are(open_browser, ms_okafor, biology, pupils):
    page = open_browser(ms_okafor)
    page.goto(f"{biology.path}members/?page=2")
    [sheet] = pages_of(page.pdf(format="A4"))

    assert len(usernames_on(sheet)) == PER_PAGE
    assert len({round(words.x / 100) for words in usernames_on(sheet)}) > 1
    page.emulate_media(media="print")
    note = page.get_by_text("These are 50 of 152 people. “Print the list” under Members prints everybody.")
    assert note.is_visible()
