"""A manager undoes a decision where it was made: the row changes in its place, and the page stays where it is."""

import pytest
from playwright.sync_api import expect

from joins.acts.ask import ask_by_join_url
from joins.models import JoinRequest
from tests.browser.hands import sees
from tests.factories import StudentFactory

pytestmark = [pytest.mark.browser, pytest.mark.rule("Q9")]


@pytest.fixture
def ask(biology):
    """ask("Ada") -> Ada's join request."""
    return lambda name: ask_by_join_url(biology.join_url, by=StudentFactory(first_name=name, last_name="Lee"))


@pytest.fixture
def open_queue(open_browser, ms_okafor, biology):
    def opened(width=1280, **more):
        page = open_browser(ms_okafor, viewport={"width": width, "height": 800}, **more)
        page.goto(f"{biology.path}requests/")
        return page

    return opened


def row(page, join_request):
    return page.locator(f"#request-{join_request.pk}")


def waiting():
    return set(JoinRequest.objects.pending().values_list("name", flat=True))


@pytest.mark.parametrize("act", ["Let in", "Say no", "Block"])
def test_the_row_says_what_was_done_and_undo_brings_it_back(open_queue, ask, biology, act):
    ada, ben = ask("Ada"), ask("Ben")
    page = open_queue()
    row(page, ada).get_by_role("button", name=act).click()
    undo = row(page, ada).get_by_role("button", name="Undo")
    expect(undo).to_be_enabled()
    assert waiting() == {"Ben Lee"}
    expect(page.locator("[data-waiting]")).to_have_attribute("data-waiting", "1")

    undo.click()
    expect(row(page, ada).get_by_role("button", name="Let in")).to_be_visible()
    sees(page, "2 waiting. Oldest first.")
    expect(page.locator("[data-waiting]")).to_have_attribute("data-waiting", "2")
    expect(page.locator("#flash")).to_contain_text("Ada Lee waits again.")
    assert waiting() == {"Ada Lee", "Ben Lee"}
    assert biology.memberships.filter(role="member").count() == biology.kept_out.count() == 0

    row(page, ada).get_by_role("button", name="Let in").click()
    expect(row(page, ada)).to_contain_text("Ada Lee is in.")
    expect(row(page, ben).get_by_role("button", name="Let in")).to_be_visible()


@pytest.mark.rule("J10")
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("act", ["Let in", "Say no", "Block"])
def test_undo_stands_where_no_button_was_and_takes_no_press_in_its_first_second(open_queue, ask, width, act):
    ada = ask("Ada")
    ask("Ben")
    page = open_queue(width)
    buttons = [each.bounding_box() for each in row(page, ada).get_by_role("button").all()]
    row(page, ada).get_by_role("button", name=act).click()
    undo = row(page, ada).get_by_role("button", name="Undo")
    expect(undo).to_be_disabled()

    here = undo.bounding_box()
    assert not any(overlap(here, box) for box in buttons)
    expect(undo).to_be_enabled(timeout=3000)


def overlap(one, other):
    return all(
        one[side] < other[side] + other[size] and other[side] < one[side] + one[size]
        for side, size in (("x", "width"), ("y", "height"))
    )


@pytest.mark.rule("J10")
def test_the_page_stays_where_it_is(open_queue, biology):
    """Row 31 of 40: one press, and the page used to stand at the top."""
    requests = [
        ask_by_join_url(biology.join_url, by=StudentFactory(first_name=f"Ada{n}", last_name="Lee"))
        for n in range(40)
    ]
    page = open_queue()
    button = row(page, requests[30]).get_by_role("button", name="Say no")
    button.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    assert before > 500
    button.focus()
    page.keyboard.press("Enter")

    expect(row(page, requests[30])).to_contain_text("Said no to Ada30 Lee.")
    expect(row(page, requests[31]).get_by_role("button", name="Say no")).to_be_focused()
    assert page.evaluate("scrollY") == before


def test_undo_by_keyboard_leaves_the_focus_in_its_row(open_queue, ask):
    ada = ask("Ada")
    ask("Ben")
    page = open_queue()
    row(page, ada).get_by_role("button", name="Say no").click()
    undo = row(page, ada).get_by_role("button", name="Undo")
    expect(undo).to_be_enabled()
    undo.focus()
    page.keyboard.press("Enter")

    expect(row(page, ada).get_by_role("button", name="Let in")).to_be_focused()


def test_without_scripts_the_line_above_has_the_button(open_queue, ask):
    ada = ask("Ada")
    ask("Ben")
    page = open_queue(java_script_enabled=False)
    row(page, ada).get_by_role("button", name="Say no").click()
    sees(page, "Said no: Ada Lee.")
    assert waiting() == {"Ben Lee"}

    page.locator(f"[data-undo='{ada.pk}'] button").click()
    sees(page, "Ada Lee waits again.")
    assert waiting() == {"Ada Lee", "Ben Lee"}
