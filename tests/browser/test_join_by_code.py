"""A student and the Code on the whiteboard, with an account and without."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from joins import codes
from tests.browser.eyes import faults_of
from tests.browser.hands import is_at, is_refused, log_in, press, sees, write

pytestmark = pytest.mark.browser
GRACE = {"First name": "Grace", "Last name": "Tan", "Username": "grace", "Password": "plain words"}


@pytest.mark.rule("J1", "J9")
def test_a_student_types_the_code_and_is_in_the_class(open_browser, amara, biology, biology_code):
    """ "when unlocked, gives immediate membership to your Class/Group to anyone who uses it"."""
    page = open_browser(amara)
    page.goto("/")
    sees(page, "You are in no class yet")
    write(page, {"Code": biology_code().in_threes})
    press(page, "Join")

    is_at(page, biology.path)
    sees(page, "You're in Biology 9B.")
    assert biology.memberships.get(user=amara).code == biology_code().code


@pytest.mark.rule("A3", "K3")
def test_a_newcomer_makes_an_account_with_the_code_from_the_whiteboard(open_browser, biology, biology_code):
    """ "Codes can be used to register for a new Student account"."""
    page = open_browser()
    page.goto("/")
    write(page, {"Code": f" {biology_code().in_threes.lower().replace('-', ' ')}. "})
    press(page, "Join")

    expect(page.get_by_label("Code")).to_have_value(biology_code().in_threes)
    write(page, GRACE)
    press(page, "Create my account")

    is_at(page, biology.path)
    sees(page, "You're in Biology 9B.")


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


@pytest.mark.rule("A5", "J11")
def test_who_has_an_account_logs_in_and_need_not_type_the_code_again(
    open_browser, amara, biology, biology_code
):
    page = open_browser()
    page.goto("/join/")
    write(page, {"Code": biology_code().in_threes})
    press(page, "Join")
    sees(page, "Already have an account?")
    page.get_by_role("main").get_by_role("link", name="Log in").click()
    log_in(page, "amara")
    is_at(page, "/join/")
    sees(page, "Join as Amara Toure (amara).")
    press(page, "Join")

    is_at(page, biology.path)
    sees(page, "You're in Biology 9B.")


@pytest.mark.rule("K1", "K3")
def test_a_misspelt_code_is_said_and_opens_nothing(open_browser, amara, biology_code):
    code = biology_code().code
    slip = code[:-1] + next(letter for letter in codes.ALPHABET if letter != code[-1])
    page = open_browser(amara)
    page.goto("/join/")
    write(page, {"Code": slip})
    press(page, "Join")

    is_refused(page, "Check them one by one")
    write(page, {"Code": "ROOM-101"})
    press(page, "Join")
    is_refused(page, "There's no O and no 0 in a Code. Check again.")


@pytest.mark.rule("A3", "J0")
def test_an_unknown_code_makes_no_account(open_browser, db):
    page = open_browser()
    page.goto("/accounts/signup/student/")
    write(page, GRACE | {"Code": codes.draw(0)})
    press(page, "Create my account")

    is_refused(page, "No open class has this Code.")
    assert not User.objects.exists()


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
