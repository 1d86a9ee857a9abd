"""How many clicks and letters a pupil needs until they are in the class (M2)."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.eyes import faults_of
from tests.browser.hands import Counted, is_at, press, sees, write

pytestmark = [pytest.mark.browser, pytest.mark.rule("M2")]
OWN = "two green chairs"


def test_with_a_one_time_password_a_pupil_types_31_letters_and_is_in_the_class(
    open_browser, amara, is_in, biology
):
    is_in(amara)
    given = amara.give_one_time_password()
    page = open_browser()
    page.goto("/accounts/login/")
    hands = Counted(page)

    hands.type("Username", "amara")
    hands.type("Password", given)
    hands.press("Log in")
    sees(page, "Choose your own password")
    assert faults_of(page) == []
    hands.type("New password", OWN)
    hands.press("Change my password")

    is_at(page, biology.path)
    counted = hands.counted("a pupil with a one-time password comes to the class")
    assert counted.letters <= 31
    assert counted.clicks <= 5


def test_a_new_pupil_with_a_code_is_in_the_class_after_6_taps(open_browser, biology, biology_code):
    page = open_browser()
    page.goto("/join/")
    hands = Counted(page)

    hands.type("Code", biology_code().code)
    hands.press("Join")
    sees(page, f"Code {biology_code().in_threes}")
    assert faults_of(page) == []
    hands.type("First name", "Ana")
    hands.type("Last name", "Ruiz")
    hands.click(page.get_by_role("button", name=re.compile(r"^ana\.r\d\d$")))
    hands.type("Password", OWN)
    hands.press("Create my account")

    is_at(page, biology.path)
    sees(page, re.compile(r"Your username is ana\.r\d\d\."))
    assert hands.counted("a new pupil with a Code comes to the class").clicks <= 6


def test_after_taken_free_usernames_are_offered_and_the_password_is_still_there(
    open_browser, biology, biology_code, amara
):
    page = open_browser()
    page.goto("/accounts/signup/student/")
    fields = {"Code": biology_code().code, "First name": "Ana", "Last name": "Ruiz"}
    write(page, fields | {"Username": "amara", "Password": OWN})
    press(page, "Create my account")
    sees(page, "Somebody already has this username.")
    assert faults_of(page) == []
    page.locator("[data-offer]").first.click()
    press(page, "Create my account")

    is_at(page, biology.path)


def test_after_a_username_that_is_no_username_others_are_offered(open_browser, biology, biology_code):
    page = open_browser()
    page.goto("/accounts/signup/student/")
    fields = {"Code": biology_code().code, "First name": "Ana", "Last name": "Ruiz"}
    write(page, fields | {"Username": "Ana ❤", "Password": OWN})
    press(page, "Create my account")
    sees(page, "A username can't have a space in it.")
    page.locator("[data-offer]").first.click()
    press(page, "Create my account")

    is_at(page, biology.path)


def test_the_place_of_the_offered_usernames_is_never_empty(open_browser, biology, biology_code):
    page = open_browser()
    page.goto("/accounts/signup/student/")
    hint, password = page.get_by_text("Type your name"), page.get_by_label("Password")
    expect(hint).to_be_visible()
    before = password.bounding_box()["y"]

    page.get_by_label("First name").press_sequentially("Ana")
    expect(page.locator("[data-offer]")).to_have_count(2)
    assert password.bounding_box()["y"] == before  # nothing moves when they come
    page.get_by_label("First name").fill("")
    expect(hint).to_be_visible()

    write(
        page, {"Code": biology_code().code, "First name": "Ana", "Username": "ana.own", "Password": "short"}
    )
    press(page, "Create my account")
    sees(page, "Please fix this:")
    expect(page.locator("[data-offers]")).to_be_hidden()  # a username is there


def test_use_another_code_puts_the_cursor_where_it_is_typed(open_browser, biology, biology_code):
    page = open_browser()
    page.goto("/join/")
    write(page, {"Code": biology_code().code})
    press(page, "Join")
    page.get_by_text("Use another Code").click()

    expect(page.get_by_label("Code", exact=True)).to_be_focused()


def test_the_code_can_be_changed_and_an_email_address_given_without_javascript(
    open_browser, biology, biology_code
):
    page = open_browser(java_script_enabled=False)
    page.goto("/join/")
    write(page, {"Code": biology_code().code})
    press(page, "Join")
    page.get_by_text("Use another Code").click()
    page.get_by_text("More", exact=True).click()
    write(page, {"Code": biology_code().code, "Email": "ana@home.example", "First name": "Ana"})
    write(page, {"Username": "ana", "Password": OWN})
    press(page, "Create my account")

    is_at(page, biology.path)


def test_show_shows_the_password_until_it_is_sent(open_browser, amara):
    amara.give_one_time_password("7t8x9z2c")
    page = open_browser(amara)
    page.goto("/accounts/password/change/")
    field = page.get_by_label("New password")
    field.fill("7t8x9z2c")

    page.get_by_role("button", name="Show the password").dblclick()
    expect(field).to_have_attribute("type", "text")
    page.get_by_role("button", name="Hide the password").click(delay=1100)
    expect(field).to_have_attribute("type", "password")
    page.wait_for_timeout(1100)

    page.get_by_role("button", name="Show the password").click()
    page.evaluate("document.addEventListener('submit', (event) => event.preventDefault())")
    page.get_by_role("button", name="Change my password").click()
    expect(field).to_have_attribute("type", "password")


def test_without_javascript_there_is_no_button_to_show_it(open_browser):
    page = open_browser(java_script_enabled=False)
    page.goto("/accounts/signup/teacher/")

    expect(page.get_by_label("Password")).to_be_visible()
    expect(page.locator("[data-show-password]")).to_be_hidden()
