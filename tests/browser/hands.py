"""What people do on a page, in few words (press, follow, write), and what they look for there."""

import re
from contextlib import suppress

import pytest
from playwright.sync_api import Error, expect

from tests.factories import PASSWORD


def press(page, name):
    """Presses when the page is whole: before, a button for several people takes no press (J10)."""
    getattr(page, "page", page).wait_for_load_state("domcontentloaded")
    page.get_by_role("button", name=name).click()


def focus(button):
    """Focuses the button when it takes a press: those that decide about somebody are disabled for a second (J10)."""
    expect(button).to_be_enabled()
    button.focus()


def follow(page, name):
    page.get_by_role("link", name=name).first.click()


def write(page, fields):
    """write(page, {"First name": "Grace"}) types into the fields with these labels."""
    for label, text in fields.items():
        page.get_by_label(re.compile(f"^{label}")).fill(text)


def sees(page, *texts):
    """Checks that these texts are on the page, and waits until it is whole: text comes before the style sheet does."""
    for text in texts:
        expect(page.get_by_text(text).filter(visible=True).first).to_be_visible()
    getattr(page, "page", page).wait_for_load_state()


def is_refused(page, sentence):
    """Checks that an alert, which a screen reader reads at once, says this."""
    expect(page.get_by_role("alert").filter(has_text=sentence)).to_be_visible()


def is_at(page, path):
    """Checks that the address bar shows this path and nothing after it."""
    expect(page).to_have_url(re.compile(rf"^https?://[^/]+{re.escape(path)}$"))


def log_in(page, login):
    write(page, {"Username or email": login, "Password": PASSWORD})
    press(page, "Log in")


def types_password_again(page):
    """Types the password once more, as pages ask that are only for the person themselves."""
    page.goto("/accounts/reauthenticate/")
    write(page, {"Password": PASSWORD})
    press(page, "Continue")
    sees(page, "My classes")


def code_on(page):
    """The Code on the page, written as on the board: "BDK-RTW-XZM"."""
    return page.locator(".tiles[data-code]").inner_text().replace("\n", "")


def sees_the_code(page, state):
    expect(page.locator("[data-code]")).to_have_attribute("data-code-state", state)


def sees_the_pop_up(page, class_name):
    """Checks that the pop-up (J6) is there, and closes it."""
    pop_up = page.get_by_role("dialog")
    expect(pop_up).to_contain_text(f"asked to join {class_name}")
    # "Close" may be where they have just pressed, and a second press there closes nothing (J10).
    page.mouse.move(1, 1)
    press(pop_up, "Close")
    expect(pop_up).to_be_hidden()


def until(page, happened):
    for _ in range(100):
        if happened():
            return
        page.wait_for_timeout(100)
    pytest.fail("it did not happen within ten seconds")


def the_page_asks_by_itself(page):
    """Waits for the answer to what a page asks every few seconds, and for what it does then."""
    with page.expect_response("**/waiting/*"):
        page.evaluate("htmx.trigger(document.body, 'queue-changed')")
    page.wait_for_timeout(300)


def press_twice(page, button, gap):
    """Presses twice at the same place, as a hand does, whatever is there by then."""
    button.scroll_into_view_if_needed()
    expect(button).to_be_enabled()
    box = button.bounding_box()
    at = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    click = page.mouse.click if page.evaluate("navigator.maxTouchPoints === 0") else page.touchscreen.tap
    click(*at)
    page.wait_for_timeout(gap)
    click(*at)


def hold_the_first(page, address):
    """Hold back the first answer from this address, and no other. Return a list with it, which let_go() takes."""
    held = []

    def hold(route):
        if held:
            route.continue_()
        else:
            held.append((route, route.fetch()))

    page.route(address, hold)
    return held


def let_go(held):
    [(route, answer)] = held
    with suppress(Error):  # if the page has stopped waiting for it
        route.fulfill(response=answer)


class Counted:
    """Somebody's hands on a mouse and a keyboard: counts their clicks, the letters that they type, and the pages."""

    def __init__(self, page):
        self.page, self.clicks, self.letters, self.pages = page, 0, 0, 1
        page.on("framenavigated", self._turn)

    def _turn(self, frame):
        self.pages += frame == self.page.main_frame

    def click(self, place):
        place.click()
        self.clicks += 1

    def type(self, label, text, by_tab=False):
        """Click into the field, or come by Tab, unless the cursor is there already, and type."""
        field = self.page.get_by_label(re.compile(f"^{label}"))
        if by_tab:
            self.page.keyboard.press("Tab")
            expect(field).to_be_focused()
        elif not field.evaluate("(field) => field === document.activeElement"):
            self.click(field)
        self.page.keyboard.type(text)
        self.letters += len(text)

    def press(self, name):
        self.click(self.page.get_by_role("main").get_by_role("button", name=name))

    def follow(self, name):
        self.click(self.page.get_by_role("main").get_by_role("link", name=name).first)

    def counted(self, journey):
        """Print what was counted, and return these hands."""
        print(f"{journey}: {self.clicks} clicks, {self.letters} letters, {self.pages} pages")
        return self
