"""The door on an open page of a class shows what was done elsewhere, and takes nothing from somebody who uses it."""

import pytest
from playwright.sync_api import expect

from tests.browser.hands import sees, sees_the_code, the_page_asks_by_itself

pytestmark = [pytest.mark.browser, pytest.mark.rule("J10", "K8")]


def shows(page, join_code):
    expect(page.locator("#door [data-code]")).to_have_attribute("data-code", join_code.code)


def test_a_code_that_was_reset_or_locked_elsewhere_is_shown_within_seconds(page, biology_code, mr_lind):
    biology_code().reset(by=mr_lind)
    shows(page, biology_code())

    biology_code().lock(by=mr_lind)
    sees_the_code(page, "locked")
    expect(page.get_by_role("button", name="Lock now")).to_have_count(0)


@pytest.mark.rule("C4")
def test_a_class_that_was_archived_elsewhere_shows_no_code_any_more(page, biology, ms_okafor):
    """It went on saying that anyone with the Code joins straight away."""
    biology.archive(by=ms_okafor)

    sees(page, "This class is archived.")
    expect(page.locator("[data-code]")).to_have_count(0)


@pytest.mark.parametrize("use", ["menu", "keyboard"])
def test_nothing_is_taken_from_somebody_who_uses_the_door(page, biology_code, mr_lind, use):
    before = biology_code()
    if use == "menu":
        page.get_by_text("More about the Code").click()
        page.get_by_label("Lock it on").fill("2026-12-01T10:00")
        page.mouse.move(1, 1)
    else:
        page.get_by_role("button", name="Copy the Code").focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
    before.reset(by=mr_lind)
    page.wait_for_timeout(8000)
    shows(page, before)

    if use == "menu":
        expect(page.get_by_label("Lock it on")).to_have_value("2026-12-01T10:00")
        page.get_by_text("More about the Code").click()
    page.locator("h1").click()
    shows(page, biology_code())


# Notes what a press at this place would hit in the first moment of a new door.
HIT = """([x, y]) => new MutationObserver(() => {
  if (document.querySelector("#door[data-held]")) window.hit ??= document.elementFromPoint(x, y).tagName
}).observe(document.querySelector("#door").parentElement, {childList: true, subtree: true, attributes: true})"""


def test_nothing_moves_under_a_hand_and_nothing_is_pressed_at_once(page, biology_code, mr_lind):
    before = biology_code()
    button = page.get_by_role("button", name="Lock now").bounding_box()
    at = button["x"] + 9, button["y"] + 9
    page.evaluate(HIT, at)
    before.reset(by=mr_lind)

    for step in range(35):
        page.mouse.move(at[0] + step % 9, at[1])
        page.wait_for_timeout(200)
    shows(page, before)

    shows(page, biology_code())  # now the hand rests
    assert page.evaluate("window.hit") not in {None, "BUTTON", "svg", "path"}


@pytest.mark.rule("C2")
@pytest.mark.parametrize("path", ["", "requests/", "members/", "today/", "history/"])
def test_who_manages_the_class_no_more_sees_nothing_of_it_on_an_open_page(
    open_browser, biology, ms_okafor, mr_lind, asks, path
):
    """The Code, and the names of those who wait, stayed until the page was loaded again."""
    asks("Ada")
    page = open_browser(mr_lind)
    page.goto(biology.path + path)
    expect(page.locator("#counts[data-members]")).to_be_attached()
    biology.memberships.get(user=mr_lind).remove(by=ms_okafor, keep_out=False)
    the_page_asks_by_itself(page)

    sees(page, "There is nothing here")


@pytest.mark.rule("C2")
def test_a_co_teacher_who_is_a_member_again_sees_no_code_on_the_open_page(
    open_browser, biology, ms_okafor, mr_lind
):
    page = open_browser(mr_lind)
    page.goto(biology.path)
    expect(page.locator("[data-code]")).to_have_count(1)
    biology.memberships.get(user=mr_lind).make_member(by=ms_okafor)
    the_page_asks_by_itself(page)

    sees(page, "You don't manage this class any more.")
    expect(page.locator("[data-code]")).to_have_count(0)


def test_what_somebody_types_stays_when_the_class_is_deleted(open_browser, biology, ms_okafor, mr_lind):
    page = open_browser(mr_lind)
    page.goto(f"{biology.path}edit/")
    page.get_by_label("Subject").fill("A long sentence")
    biology.delete_class(by=ms_okafor)
    the_page_asks_by_itself(page)

    expect(page.get_by_label("Subject")).to_have_value("A long sentence")
    expect(page.get_by_text("You've been logged out")).to_be_hidden()
