"""What a page asks by itself, or the answer to another press, takes nothing away from somebody who uses the page."""

import re

import pytest
from playwright.sync_api import expect

from joins.acts.by_code import use_code
from tests.browser.hands import (
    hold_the_first,
    let_go,
    press,
    sees,
    sees_the_code,
    the_page_asks_by_itself,
    until,
)
from tests.factories import StudentFactory

pytestmark = [pytest.mark.browser, pytest.mark.rule("J10")]


@pytest.fixture
def joins(biology_code):
    """joins("Ada") -> a new student called Ada Lee, who has just joined Biology 9B by its Code."""

    def joins(name):
        student = StudentFactory(first_name=name, last_name="Lee")
        use_code(biology_code().code, by=student)
        return student

    return joins


@pytest.fixture
def today(open_browser, ms_okafor, biology, joins):
    joins("Ada")
    page = open_browser(ms_okafor)
    page.goto(f"{biology.path}today/")
    return page


@pytest.mark.fault("F33")
def test_on_a_slow_line_joined_today_asks_nothing_while_a_press_is_under_way(today, joins):
    """The list came without Ada, and the answer to the press found neither her row nor a place for its sentence."""
    held = hold_the_first(today, "**/move-to-queue/")
    press(today, "Move to the queue Ada Lee")
    until(today, lambda: held)
    joins("Ben")
    today.wait_for_timeout(6000)  # it asks every five seconds
    let_go(held)

    sees(today.locator("#today .row--gone"), "Ada Lee is now waiting in the approval queue.")
    expect(today.locator("#today")).to_contain_text("Ben Lee")


@pytest.mark.fault("F33")
def test_what_joined_today_asked_before_a_press_brings_nobody_back(today, joins):
    held = hold_the_first(today, "**/today/?v=*")
    joins("Ben")
    until(today, lambda: held)
    press(today, "Move to the queue Ada Lee")
    gone = today.locator("#today .row--gone")
    expect(gone).to_contain_text("Ada Lee is now waiting")
    let_go(held)
    today.wait_for_timeout(500)

    expect(gone).to_contain_text("Ada Lee is now waiting")
    expect(today.get_by_role("button", name="Move to the queue Ada Lee")).to_have_count(0)


@pytest.mark.fault("F33")
def test_news_that_came_while_a_button_was_down_is_shown_after_it(open_browser, ms_okafor, biology, asks):
    """For five seconds, the tab of the queue still told the number from before a double press."""
    page = open_browser(ms_okafor)
    page.goto(f"{biology.path}requests/")
    held = hold_the_first(page, "**/waiting/?v=*")
    asks("Zoe")
    until(page, lambda: held)
    page.mouse.move(2, 400)
    page.mouse.down()
    let_go(held)
    page.wait_for_timeout(500)
    expect(page.locator("#queue")).not_to_contain_text("Zoe")
    page.mouse.up()

    expect(page.locator("#queue")).to_contain_text("Zoe", timeout=3000)


SELECT = "(name) => getSelection().selectAllChildren(name)"


@pytest.mark.parametrize("path", ["today/", "../.."])
def test_a_name_that_is_being_copied_stays_selected(open_browser, ms_okafor, biology, joins, asks, path):
    """Somebody who joined or asked at that moment took the selection away."""
    joins("Ada")
    page = open_browser(ms_okafor)
    page.goto(biology.path + path)
    page.locator("#today bdi, #mine .books a").first.evaluate(SELECT)
    selected = page.evaluate("getSelection().toString()")
    assert selected
    joins("Ben")
    asks("Zoe")
    sees(page.locator("#counts"), "1 waiting")
    page.wait_for_timeout(6000)
    assert page.evaluate("getSelection().toString()") == selected

    page.evaluate("getSelection().removeAllRanges()")
    expect(page.locator("#today, #mine").first).to_contain_text(
        "Ben Lee" if path == "today/" else "1 waiting"
    )


@pytest.mark.fault("F33")
@pytest.mark.parametrize("order", [1, -1])
def test_two_presses_on_the_door_are_both_answered(page, order):
    """The first answer replaced the form of the second press, whose answer then told nothing."""
    locked, paused = hold_the_first(page, "**/code/lock/"), hold_the_first(page, "**/join-url/pause/")
    press(page, "Lock now")
    until(page, lambda: locked)
    press(page, "Pause the Join URL")
    until(page, lambda: paused)
    for held, sentence in [(locked, "The Code is locked."), (paused, "The Join URL is paused.")][::order]:
        let_go(held)
        expect(page.locator("#flash")).to_contain_text(sentence)

    page.mouse.move(1, 1)
    sees_the_code(page, "locked")
    expect(page.locator("[data-paused]")).to_be_visible()


@pytest.mark.fault("F33")
@pytest.mark.rule("K8")
def test_two_presses_by_keyboard_show_both_while_the_focus_stays(page):
    """The half of the Code went on saying that it is unlocked, until the focus left the door."""
    locked, paused = hold_the_first(page, "**/code/lock/"), hold_the_first(page, "**/join-url/pause/")
    for button, held in [("Lock now", locked), ("Pause the Join URL", paused)]:
        page.keyboard.press("Tab")
        page.get_by_role("button", name=button).focus()
        page.keyboard.press("Enter")
        until(page, lambda held=held: held)
    let_go(locked)
    expect(page.locator("#flash")).to_contain_text("The Code is locked.")
    let_go(paused)

    sees_the_code(page, "locked")
    expect(page.locator("[data-paused]")).to_be_focused()


def test_a_time_that_is_being_typed_stays_when_the_join_url_is_paused(page):
    """The answer to the press on a slow line closed the menu and took the time away."""
    held = hold_the_first(page, "**/join-url/pause/")
    press(page, "Pause the Join URL")
    until(page, lambda: held)
    page.get_by_text("More about the Code").click()
    page.get_by_label("Lock it on").fill("2026-12-01T10:00")
    let_go(held)

    expect(page.locator("[data-paused]")).to_be_visible()
    expect(page.get_by_label("Lock it on")).to_have_value("2026-12-01T10:00")
    expect(page.get_by_label("Lock it on")).to_be_visible()


@pytest.mark.parametrize(
    ("path", "focused"),
    [
        ("history/", "Notifications"),
        ("", "waiting in the door"),
        ("../..", "Biology 9B"),
        ("requests/", "Notifications"),
    ],
)
def test_the_focus_stays_where_it_is_when_somebody_asks(
    open_browser, ms_okafor, biology, asks, path, focused
):
    """It went to the top of the page, so that the next Tab began there."""
    asks("Ada")
    page = open_browser(ms_okafor)
    page.goto(biology.path + path)
    link = {
        "Notifications": page.get_by_role("link", name="Notifications"),
        "waiting in the door": page.locator("#door-waiting a"),
        "Biology 9B": page.get_by_role("link", name="Biology 9B", exact=True),
    }[focused]
    link.focus()
    asks("Zoe")
    the_page_asks_by_itself(page)

    expect(page.locator("#counts")).to_contain_text("2 waiting")
    expect(link).to_be_focused()


def test_a_press_is_not_lost_when_somebody_asks_meanwhile(open_browser, ms_okafor, biology, asks):
    page = open_browser(ms_okafor)
    page.goto("/")
    page.get_by_role("link", name="Biology 9B").hover()
    page.mouse.down()
    asks("Zoe")
    the_page_asks_by_itself(page)
    page.mouse.up()

    page.wait_for_url(f"**{biology.path}")


def test_what_has_waited_for_a_press_comes_after_it(open_browser, ms_okafor, biology, asks):
    page = open_browser(ms_okafor)
    page.goto("/")
    held = hold_the_first(page, re.compile("/[?]$"))
    asks("Zoe")
    the_page_asks_by_itself(page)
    until(page, lambda: held)
    page.mouse.move(1, 300)
    page.mouse.down()
    let_go(held)
    page.wait_for_timeout(500)
    expect(page.locator("#mine")).not_to_contain_text("1 waiting")
    page.mouse.up()

    expect(page.locator("#mine")).to_contain_text("1 waiting")


def test_the_queue_says_how_many_wait_while_one_of_its_buttons_has_the_focus(
    open_browser, ms_okafor, biology, asks
):
    """Letting somebody in by mouse leaves the focus on the next row. New rows came, and the number above stayed."""
    asks("Ada")
    asks("Ben")
    page = open_browser(ms_okafor)
    page.goto(f"{biology.path}requests/")
    press(page, "Let in Ada Lee")
    sees(page, "Ada Lee is in.")
    page.mouse.move(1, 1)
    asks("Cem")
    asks("Dan")
    the_page_asks_by_itself(page)

    sees(page.locator("#queue"), "Dan Lee")
    expect(page.locator("#queue-lead")).to_contain_text("3 waiting")
    expect(page.get_by_role("button", name="Let in Ben Lee")).to_be_focused()
