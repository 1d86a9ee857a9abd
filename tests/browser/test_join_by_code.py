"""A student and the Code on the whiteboard, with an account and without."""

import pytest
from playwright.sync_api import expect

from tests.browser.eyes import faults_of
from tests.browser.hands import is_at, press, sees, write

pytestmark = pytest.mark.browser
GRACE = {"First name": "Grace", "Last name": "Tan", "Username": "grace", "Password": "plain words"}


@pytest.mark.rule("M2")
def test_the_card_of_a_new_student_is_printed_alone_and_without_a_password(
    open_browser, biology, biology_code
):
    page = open_browser()
    page.goto("/join/")
    write(page, {"Code": biology_code().in_threes})
    press(page, "Join")
    write(page, GRACE)
    press(page, "Create my account")
    sees(page, "Your username is grace.", "Write it down.")
    assert faults_of(page) == []

    page.emulate_media(media="print")

    printed = page.locator("body").inner_text().split("\n")
    site = page.url.split("/")[2]
    assert [line for line in printed if line.strip()] == [
        "You're in Biology 9B.",
        "Grace Tan",
        "Your username is grace.",
        f"Log in at {site} with your username and your password.",
    ]


@pytest.mark.rule("K3")
@pytest.mark.parametrize("other", ["main", "100%", "%E0%A4%A"])
def test_what_is_no_code_behind_the_hash_of_an_address_fills_no_field(open_browser, other):
    """ "Skip to the content" adds #main. A character that couldn't be decoded stopped every script after it."""
    page = open_browser()
    page.goto(f"/join/#{other}")

    expect(page.get_by_label("Code")).to_have_value("")


@pytest.mark.rule("J5", "K10")
def test_the_square_on_the_handout_fills_the_field_and_waits_for_a_press(
    open_browser, amara, biology, biology_code
):
    """No server sees what is after the #, and it leaves the address bar at once."""
    page = open_browser(amara)
    page.goto(f"/join/#{biology_code().code}")

    expect(page.get_by_label("Code")).to_have_value(biology_code().code)
    is_at(page, "/join/")
    assert not biology.memberships.filter(user=amara).exists()

    press(page, "Join")
    sees(page, "You're in Biology 9B.")


@pytest.mark.rule("K3")
def test_a_code_typed_behind_the_hash_of_an_address_fills_the_field(open_browser, biology_code):
    page, typed = open_browser(), biology_code().in_threes.lower()
    page.goto(f"/join/#{typed}")

    expect(page.get_by_label("Code")).to_have_value(typed)
    is_at(page, "/join/")


@pytest.mark.rule("K10")
def test_the_code_of_a_qr_code_fills_in_a_page_that_was_open_already(open_browser, biology_code):
    """Some phones open it in the same tab. Only what is after the # changes, so the page is not loaded again."""
    page = open_browser()
    page.goto("/join/")
    write(page, {"Code": "BBB"})
    page.evaluate("code => { location.hash = code }", biology_code().code)

    expect(page.get_by_label("Code")).to_have_value(biology_code().code)
    is_at(page, "/join/")


@pytest.mark.rule("J11")
@pytest.mark.parametrize("path", ["/", "/join/"])
@pytest.mark.parametrize("way", ["scanned", "typed"])
def test_who_logs_the_pupil_before_them_out_keeps_the_code(
    open_browser, amara, leo, biology, biology_code, path, way
):
    """On a tablet of the class, Leo comes after Amara. The Code was gone, and he had to scan or type it again."""
    page = open_browser(amara)
    page.goto(f"{path}#{biology_code().code}" if way == "scanned" else path)
    if way == "typed":
        page.locator("[name=code]").fill(biology_code().in_threes.lower())
    sees(page, "Not you?")
    page.get_by_role("main").get_by_role("button", name="Log out").click()

    sees(page, "You've logged out.")
    expect(page.locator("[name=code]")).to_have_value(biology_code().code)
    is_at(page, path)
    page.reload()
    expect(page.locator("[name=code]")).to_have_value("")


@pytest.mark.rule("J11")
@pytest.mark.threat("T49")
def test_the_code_is_not_kept_by_log_out_in_the_bar(open_browser, amara, biology_code):
    """Amara has typed a Code and leaves. The next pupil sees no Code."""
    page = open_browser(amara)
    page.goto("/join/")
    write(page, {"Code": biology_code().in_threes})
    page.get_by_role("navigation").get_by_role("button", name="Log out").click()

    sees(page, "You've logged out.")
    expect(page.locator("[name=code]")).to_have_value("")
