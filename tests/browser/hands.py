"""What people do on a page, in few words (press, follow, write), and what they look for there."""

import re

from playwright.sync_api import expect

from tests.factories import PASSWORD


def press(page, name):
    page.get_by_role("button", name=name).click()


def follow(page, name):
    page.get_by_role("link", name=name).first.click()


def write(page, fields):
    """write(page, {"First name": "Grace"}) types into the fields with these labels."""
    for label, text in fields.items():
        page.get_by_label(re.compile(f"^{label}")).fill(text)


def sees(page, *texts):
    for text in texts:
        expect(page.get_by_text(text).filter(visible=True).first).to_be_visible()


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
    press(page, "Go on")
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
    press(page, "Close")
    expect(pop_up).to_be_hidden()
