"""Somebody signs up with the name of a classmate, who may be themselves (L5)."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from tests.browser.eyes import faults_of
from tests.browser.hands import is_at, press, sees, write

pytestmark = [pytest.mark.browser, pytest.mark.rule("L5")]
ASKED = "There's already an account called Amara Toure in this class. Its username begins with “a”."


@pytest.fixture
def page(open_browser, biology, biology_code, is_in, amara):
    """The sign-up page, filled in with Amara's name. She is in the class."""
    is_in(amara)
    page = open_browser()
    page.goto("/accounts/signup/student/")
    fields = {"Code": biology_code().code, "First name": "Amara", "Last name": "Toure"}
    write(page, fields | {"Username": "amara2", "Password": "two green chairs"})
    return page


def test_one_press_says_that_it_is_somebody_else(page, biology):
    press(page, "Create my account")
    sees(page, ASKED)
    expect(page.locator("#is-this-you")).to_be_focused()
    assert faults_of(page) == []

    press(page, "No, I'm somebody else")

    is_at(page, biology.path)


def test_the_second_press_of_a_double_click_says_nothing(page):
    page.get_by_role("button", name="Create my account").dblclick()

    sees(page, ASKED)
    page.wait_for_timeout(500)
    sees(page, ASKED)
    assert not User.objects.filter(username="amara2").exists()


@pytest.mark.rule("A5")
def test_whose_account_it_is_logs_in_and_finds_the_code(page, biology_code):
    press(page, "Create my account")
    page.get_by_role("link", name="Yes, log in").click()
    write(page, {"Username": "amara", "Password": "correct horse battery"})
    press(page, "Log in")

    is_at(page, "/join/")
    expect(page.get_by_label("Code")).to_have_value(biology_code().in_threes)
