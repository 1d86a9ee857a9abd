"""A new operator logs in, sets up two-step verification and gets into the admin. Axe finds no fault."""

import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

from tests.browser.eyes import faults_of
from tests.browser.hands import log_in
from tests.browser.pages import OPERATOR
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.threat("T58")]


def type_code(page, secret, periods=0):
    code = format_hotp_value(hotp_value(secret, int(time.time() // 30) + periods))
    page.get_by_label("The code from your phone").fill(code)


def press(page, name):
    page.get_by_role("main").get_by_role("button", name=name).click()


def set_up(page):
    """The key that the phone would keep."""
    page.goto("/admin/")
    log_in(page, "operator")
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Continue")
    expect(page.get_by_role("heading", name="Set up two-step verification")).to_be_visible()
    assert faults_of(page) == []
    secret = page.locator("[data-secret]").inner_text()
    type_code(page, secret)
    press(page, "Set it up")
    return secret


def test_from_the_first_log_in_to_the_administration(open_browser, operator):
    page, later = open_browser(), open_browser()
    secret = set_up(page)
    expect(page.locator("[data-recovery-code]")).to_have_count(10)
    assert faults_of(page) == []
    page.get_by_role("link", name="Open the administration").click()
    expect(page.get_by_role("heading", name="Administration")).to_be_visible()

    later.goto("/accounts/login/")
    log_in(later, "operator")
    expect(later.get_by_role("heading", name="Two-step verification")).to_be_visible()
    assert faults_of(later) == []
    type_code(later, secret, periods=1)
    press(later, "Log in")
    expect(later.get_by_role("heading", name="My classes")).to_be_visible()


def test_no_page_of_the_second_step_has_a_fault(open_browser, operator):
    page = open_browser()
    set_up(page)

    for name, address in OPERATOR.items():
        page.goto(address)
        assert faults_of(page) == [], name
