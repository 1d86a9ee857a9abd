"""What is refused at the Code or the Join URL is said where the person looks, and the page shows the current state."""

import pytest
from playwright.sync_api import expect

from joins.models import JoinCode
from tests.browser.eyes import is_faultless
from tests.browser.hands import is_refused, press, sees

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}
WRONG = "This moment has passed. Choose a later one."


@pytest.fixture
def page(open_browser, ms_okafor, biology):
    page = open_browser(ms_okafor, viewport=PHONE)
    page.goto(biology.path)
    return page


@pytest.mark.rule("K7")
def test_a_moment_that_has_passed_is_told_on_the_screen_and_stays_in_its_field(page, biology):
    """A page that was opened yesterday still offers yesterday."""
    field = page.get_by_label("Lock it on")
    page.get_by_text("More about the Code").click()
    field.evaluate("field => field.removeAttribute('min')")
    field.fill("2020-01-01T08:00")
    press(page, "Choose")

    is_refused(page, WRONG)
    expect(page.locator("#flash").get_by_text(WRONG)).to_be_in_viewport()
    expect(page.get_by_text(WRONG)).to_have_count(1)
    expect(field).to_have_value("2020-01-01T08:00")
    assert JoinCode.objects.get_current(biology).state == "unlocked"
    is_faultless(page)

    page.set_viewport_size(PHONE)
    press(page, "Lock now")
    sees(page, "Locked.")
    expect(page.get_by_text(WRONG)).to_have_count(0)
    expect(field).to_be_hidden()


@pytest.mark.rule("C4")
def test_a_class_that_was_archived_meanwhile_has_no_door_any_more(page, biology, ms_okafor):
    biology.archive(by=ms_okafor)

    press(page, "Lock now")

    is_refused(page, "This class is archived. Restore it first.")
    sees(page, "Nobody can join it.")
    expect(page.locator("#door")).to_have_count(0)
