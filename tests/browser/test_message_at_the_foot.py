"""A message stays at the foot of the screen while the page above it grows, so nothing else comes under a pointer."""

import pytest
from playwright.sync_api import expect

from joins.acts.by_code import use_code
from tests.browser.hands import the_page_asks_by_itself
from tests.browser.test_double_presses_in_the_queue import row
from tests.factories import StudentFactory

pytestmark = [pytest.mark.browser, pytest.mark.rule("J10")]

SIZES = pytest.mark.parametrize(("width", "height"), [(360, 740), (1280, 800)])
LENGTHS = pytest.mark.parametrize("how_many", [3, 8, 15])


def acts_at(page, box):
    """The words of the button that a press in the middle of this box would find."""
    at = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
    return page.evaluate(
        """([x, y]) => document.elementFromPoint(x, y)?.closest("button, a")?.innerText""", at
    )


@SIZES
@LENGTHS
@pytest.mark.parametrize("is_at_end", [False, True])
def test_a_new_request_leaves_undo_all_under_the_hand(
    open_browser, ms_okafor, biology, asks, how_many, is_at_end, width, height
):
    """It slid down by the height of the page's foot, and the acts for the ticked, or "Block", came there."""
    ada, ben, *_ = [asks(f"Ada{n}") for n in range(how_many)]
    page = open_browser(ms_okafor, viewport={"width": width, "height": height})
    page.goto(f"{biology.path}requests/")
    for one in (ada, ben):
        row(page, one).get_by_role("checkbox").check()
    page.get_by_role("button", name="Let in ticked").click()
    undo_all = page.get_by_role("button", name="Undo all")
    expect(undo_all).to_be_enabled()
    if is_at_end:
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    page.evaluate("document.activeElement.blur()")  # as in Safari, where a press leaves no focus
    undo_all.hover()
    before = undo_all.bounding_box()

    new = [asks(name) for name in ("Zoe", "Zaid")]
    the_page_asks_by_itself(page)
    expect(row(page, new[1])).to_be_attached()

    assert undo_all.bounding_box() == pytest.approx(before, abs=1)
    assert acts_at(page, before) == "Undo all"


@SIZES
@LENGTHS
def test_a_new_arrival_leaves_the_message_under_the_hand(
    open_browser, ms_okafor, mr_lind, biology, biology_code, how_many, width, height
):
    def joins():
        student = StudentFactory()
        use_code(biology_code().code, by=student)
        return student

    first, *_ = [joins() for _ in range(how_many)]
    page = open_browser(ms_okafor, viewport={"width": width, "height": height})
    page.goto(f"{biology.path}today/")
    biology.memberships.get(user=first).remove(by=mr_lind, keep_out=False)
    move = page.locator(f"[data-member='{first.username}'] button")
    expect(move).to_be_enabled()
    move.click()
    close = page.get_by_role("button", name="Close this message")
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    close.hover()
    before = close.bounding_box()

    new = [joins() for _ in range(3)][-1]
    expect(page.locator(f"[data-member='{new.username}']")).to_be_attached()

    assert close.bounding_box() == pytest.approx(before, abs=1)


@SIZES
def test_closing_a_message_brings_nothing_under_the_hand(
    open_browser, ms_okafor, biology, leo, is_in, width, height
):
    """On a short page the foot of the page, with its links, keeps its place."""
    is_in(leo).remove(by=ms_okafor, keep_out=True)
    page = open_browser(ms_okafor, viewport={"width": width, "height": height})
    page.goto(f"{biology.path}kept-out/")
    page.get_by_role("button", name="Unblock").click()
    close = page.get_by_role("button", name="Close this message")
    close.hover()
    at, foot = close.bounding_box(), page.locator(".site-foot").bounding_box()
    close.click()
    expect(close).to_have_count(0)

    assert page.locator(".site-foot").bounding_box() == foot
    assert acts_at(page, at) is None


def test_a_message_stays_while_a_part_of_the_page_is_drawn_anew(open_browser, ms_okafor, biology, asks):
    """The answer, a whole page, said nothing and took "Undo" away."""
    page = open_browser(ms_okafor)
    page.goto(biology.path)
    page.get_by_role("button", name="Pause the Join URL").click()
    message = page.locator(".flash__message", has_text="The Join URL is paused.")
    expect(message).to_be_visible()
    biology.join_url.resume(by=ms_okafor)

    asks("Zoe")
    the_page_asks_by_itself(page)

    expect(page.get_by_role("link", name="1 waiting").first).to_be_visible()
    expect(page.locator("#door-waiting")).to_contain_text("1 waiting")
    expect(message).to_be_visible()
