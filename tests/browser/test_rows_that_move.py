"""A row of the approval queue that moves takes no press at first: a finger may be on its way to another one."""

import pytest
from playwright.sync_api import expect

from joins.acts.queue import decide
from tests.browser.hands import focus
from tests.browser.test_double_presses_in_the_queue import is_answered, row, waiting

pytestmark = pytest.mark.browser


@pytest.mark.rule("J10")
@pytest.mark.fault("F33")
@pytest.mark.parametrize("delay", [0, 300, 600])
@pytest.mark.parametrize("is_touch", [True, False], ids=["finger", "mouse"])
def test_a_press_hits_nobody_who_has_just_moved_up(
    open_browser, ms_okafor, mr_lind, biology, asks, is_touch, delay
):
    """A colleague has decided about the first one, so the rows below are where others were."""
    gone, meant, *_ = [asks(name) for name in ("Ada", "Ben", "Cleo", "Dan")]
    page = open_browser(ms_okafor, viewport={"width": 360, "height": 640}, has_touch=is_touch)
    page.goto(f"{biology.path}requests/")
    page.wait_for_timeout(1100)
    box = row(page, meant).get_by_role("button", name="Let in").bounding_box()
    at = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    decide(biology, [gone.pk], "deny", by=mr_lind)
    page.evaluate("htmx.trigger(document.body, 'queue-changed')")
    page.wait_for_function("id => !document.getElementById(id)", arg=f"request-{gone.pk}")
    page.wait_for_timeout(delay)
    (page.touchscreen.tap if is_touch else page.mouse.click)(*at)
    is_answered(page, 0)
    assert waiting() == {"Ben Lee", "Cleo Lee", "Dan Lee"}

    row(page, meant).get_by_role("button", name="Let in").click()
    expect(row(page, meant)).to_contain_text("Ben Lee is in.")


@pytest.mark.rule("J10")
@pytest.mark.fault("F33")
def test_a_list_from_before_a_press_brings_nobody_back(open_browser, ms_okafor, biology, asks):
    """It was asked for while the press was under way, and came after its answer: the row waited again for a moment."""
    pressed, *_ = [asks(name) for name in ("Ada", "Ben", "Cleo")]
    page = open_browser(ms_okafor)
    page.goto(f"{biology.path}requests/")
    from_before = page.request.get(f"{biology.path}requests/", headers={"HX-Request": "true"}).body()
    is_under_way, asked_meanwhile = [], []

    def answer_late(route):
        if route.request.method == "POST":
            answer = route.fetch()
            is_under_way.append(True)
            page.evaluate("document.dispatchEvent(new Event('counts-changed'))")
            page.wait_for_timeout(200)
            is_under_way.clear()
            route.fulfill(response=answer)
        elif is_under_way:
            page.wait_for_timeout(500)
            asked_meanwhile.append(True)
            route.fulfill(body=from_before, content_type="text/html")
        else:
            route.continue_()

    page.route("**/requests/**", answer_late)
    focus(row(page, pressed).get_by_role("button", name="Let in"))
    page.keyboard.press("Enter")
    expect(row(page, pressed)).to_contain_text("Ada Lee is in.")
    page.wait_for_timeout(700)

    expect(row(page, pressed)).to_contain_text("Ada Lee is in.")
    assert asked_meanwhile == []
