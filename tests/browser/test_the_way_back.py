"""Somebody goes back, on a computer of the class, to a page into which the student before has typed."""

import pytest
from playwright.sync_api import expect

from tests.browser.hands import is_at, log_in, press, sees, write

pytestmark = [pytest.mark.browser, pytest.mark.threat("T49")]
ANNA = {"First name": "Anna", "Last name": "Berg", "Username": "anna.b"}


def log_out(page):
    page.get_by_role("navigation").get_by_role("button", name="Log out").click()
    sees(page, "You've logged out.")


def go_back_to(page, path):
    for _ in range(8):
        page.go_back()
        if path in page.url:
            break
    is_at(page, path)
    page.wait_for_timeout(300)  # until the browser has filled in what was typed here


def test_a_sign_up_form_has_nothing_of_the_student_who_has_logged_out(open_browser, biology_code):
    """The next one found Anna's last name and username in it."""
    page = open_browser()
    page.goto("/accounts/signup/student/")
    write(page, {"Code": biology_code().in_threes, **ANNA, "Password": "plain words"})
    press(page, "Create my account")
    sees(page, "Your username is anna.b.")
    log_out(page)
    go_back_to(page, "/accounts/signup/student/")

    for label in ANNA:
        expect(page.get_by_label(label)).to_have_value("")


def test_a_profile_has_nothing_that_the_student_before_has_typed(open_browser, amara, leo):
    """One press on "Save" gave Leo the name that Amara had typed."""
    page = open_browser()
    page.goto("/accounts/login/")
    log_in(page, "amara")
    page.goto("/accounts/profile/")
    write(page, {"First name": "Amára"})
    page.goto("/")
    log_out(page)
    page.goto("/accounts/login/")
    log_in(page, "leo")
    go_back_to(page, "/accounts/profile/")

    expect(page.get_by_label("First name")).to_have_value("Leo")
    press(page, "Save")
    sees(page, "Your profile is saved.")
    leo.refresh_from_db()
    assert leo.first_name == "Leo"


def test_what_somebody_has_typed_themselves_is_still_there(open_browser):
    page = open_browser()
    page.goto("/accounts/signup/student/")
    write(page, ANNA)
    page.goto("/privacy/")
    go_back_to(page, "/accounts/signup/student/")

    for label, typed in ANNA.items():
        expect(page.get_by_label(label)).to_have_value(typed)
