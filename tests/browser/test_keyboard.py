"""Whole journeys without a mouse, with the focus always in sight."""

import pytest
from playwright.sync_api import expect

from joins.acts.ask import ask_by_join_url
from tests.browser.hands import is_at, sees

pytestmark = pytest.mark.browser
MOST_STOPS = 40  # presses of Tab before a person gives up
IS_IN_SIGHT = """() => {
  const [at, box] = [document.activeElement, document.activeElement.getBoundingClientRect()]
  const style = getComputedStyle(at)
  const isRinged = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
  return isRinged && box.bottom > 0 && box.top < innerHeight
}"""
NAME = """() => {
  const at = document.activeElement
  return (at.labels?.[0]?.innerText || at.innerText).trim().replace(/\\s+/g, " ")
}"""


def tab_to(page, name):
    """Press Tab until `name` has the focus, which must be visible at every stop."""
    page.wait_for_load_state()  # before a page has a body there is nothing to focus
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        at = page.evaluate(NAME)
        assert page.evaluate(IS_IN_SIGHT), f"the focus is out of sight: {at}"
        if at.startswith(name):
            return
    pytest.fail(f"no way by keyboard to {name}")


def press(page, name):
    tab_to(page, name)
    page.keyboard.press("Enter")


def settles_at(page, half):
    """The focus stays here for good: htmx moves it once more when the new part has settled."""
    expect(half).to_be_focused()
    expect(page.locator(".htmx-added, .htmx-settling")).to_have_count(0)


def test_a_student_joins_by_code(open_browser, amara, biology, biology_code):
    page = open_browser(amara)
    page.goto("/")
    tab_to(page, "Code")
    page.keyboard.type(biology_code().in_threes)
    page.keyboard.press("Enter")

    sees(page, "You're in Biology 9B.")


@pytest.mark.parametrize("without", ["a script", "nothing"])
def test_after_a_failed_sign_up_the_focus_is_on_what_is_wrong(open_browser, db, without):
    page = open_browser(java_script_enabled=without == "nothing")
    page.goto("/accounts/signup/teacher/")
    page.get_by_label("First name").fill("Ada")
    page.get_by_label("Email").fill("ada@school.example")
    page.get_by_label("Password").fill("short")
    page.keyboard.press("Enter")

    expect(page.get_by_label("Password", exact=True)).to_be_focused()
    assert page.title().startswith("Error: ")


@pytest.mark.parametrize(
    ("address", "field", "typed"),
    [
        ("/join/", "#id_code", "BDK-RTW"),
        ("/classes/{}/delete/", "#id_name", "Chemistry"),
    ],
)
def test_with_one_field_the_focus_is_on_what_is_wrong_with_it(
    open_browser, ms_okafor, biology, address, field, typed
):
    page = open_browser(ms_okafor)
    page.goto(address.format(biology.public_id))
    page.locator(field).fill(typed)
    page.keyboard.press("Enter")

    expect(page.locator(field)).to_be_focused()
    assert page.title().startswith("Error: ")


def test_a_teacher_skips_to_the_queue_and_lets_one_in(open_browser, ms_okafor, biology, amara, leo):
    for student in (amara, leo):
        ask_by_join_url(biology.join_url, student)
    page = open_browser(ms_okafor)
    page.goto(f"{biology.path}requests/")
    expect(page.get_by_role("button", name="Let in Leo Park")).to_be_enabled()
    press(page, "Skip to the content")
    expect(page.get_by_role("main")).to_be_focused()

    press(page, "Let in Leo Park")

    sees(page, "Leo Park is in.")
    expect(page.get_by_text("Leo Park is in.").locator("xpath=ancestor::li")).to_be_focused()
    expect(page.locator("[data-request]")).to_have_count(1)


def test_the_pop_up_keeps_the_focus_and_escape_puts_it_away(open_browser, amara, biology):
    page = open_browser(amara)
    page.goto(biology.join_url.path)
    press(page, "Ask to join")

    expect(page.get_by_role("dialog").get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


@pytest.mark.threat("T33")
def test_a_teacher_pauses_and_resumes_the_join_url(open_browser, ms_okafor, biology):
    """The focus stays at the panel that was used."""
    page = open_browser(ms_okafor)
    page.goto(biology.path)
    press(page, "Pause")
    settles_at(page, page.locator("[data-paused]"))

    press(page, "Resume")
    expect(page.get_by_text("Everyone who uses it waits for your OK.")).to_be_focused()


def test_a_teacher_locks_and_resets(open_browser, ms_okafor, biology, biology_code):
    page = open_browser(ms_okafor)
    page.goto(biology.path)
    press(page, "Lock now")
    settles_at(page, page.locator("[data-state=locked]"))

    press(page, "More about the Code")
    press(page, "Reset…")
    is_at(page, f"{biology.path}code/reset/")
    press(page, "Reset the Code")
    sees(page, "The Code is reset")
    assert biology_code().state == "unlocked"
