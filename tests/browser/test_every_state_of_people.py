"""Pages about people have no fault either: a crowd, hidden members, a forgotten password, a deleted account."""

import pytest
from playwright.sync_api import expect

from joins.acts.ask import ask_by_join_url
from tests.browser.eyes import is_faultless
from tests.browser.hands import follow, is_refused, press, sees, types_password_again, write
from tests.factories import ClassroomFactory, StudentFactory, created_with_code_of

pytestmark = pytest.mark.browser
TRIES = 12  # more wrong passwords than a log-in accepts


def test_a_dozen_wait_and_one_has_the_name_of_somebody_inside(open_browser, ms_okafor, biology, leo, is_in):
    is_in(leo)
    ask_by_join_url(biology.join_url, StudentFactory(username="leo2", first_name="Lео", last_name="Park"))
    for _ in range(11):
        ask_by_join_url(
            biology.join_url,
            StudentFactory(first_name="Bartholomew-Alexander", last_name="Featherstonehaugh"),
        )
    page = open_browser(ms_okafor)
    page.goto(f"{biology.path}requests/")

    sees(page, "12 waiting.", "Similar name to Leo Park")
    is_faultless(page)


def test_nobody_has_come_today(open_browser, ms_okafor):
    empty = ClassroomFactory(by=ms_okafor)
    page = open_browser(ms_okafor)
    for path, words in (("today/", "Nobody has joined today."), ("code/leaked/", "Nobody joined with it.")):
        page.goto(f"{empty.path}{path}")
        sees(page, words)
        is_faultless(page)


def test_the_join_url_is_paused_for_who_opens_it(open_browser, ms_okafor, biology):
    biology.join_url.pause(by=ms_okafor)
    page = open_browser()
    page.goto(biology.join_url.path)

    sees(page, "Nobody can ask to join right now")
    is_faultless(page)


def test_a_class_hides_its_members(open_browser, ms_okafor, biology, leo, grace, is_in):
    for student in (leo, grace):
        is_in(student)
    biology.edit(by=ms_okafor, hides_members=True)
    page = open_browser(leo)
    for path in (biology.path, f"{biology.path}members/"):
        page.goto(path)
        sees(page, "Students here can't see each other")
        expect(page.get_by_text("Grace")).to_have_count(0)
        is_faultless(page)


def test_a_one_time_password_is_shown_this_once(open_browser, ms_okafor, biology, leo, grace, is_in):
    for student in (leo, grace):
        is_in(student)
    created_with_code_of(biology, leo)
    page = open_browser(ms_okafor)
    page.goto(f"{biology.path}members/grace/password/")
    sees(page, "You can't give Grace Tan a password")
    is_faultless(page)
    page.goto(f"{biology.path}members/leo/password/")
    is_faultless(page)
    press(page, "Show a one-time password")
    sees(page, "One-time password (shown only once)")
    is_faultless(page)


def test_who_types_too_many_wrong_passwords(open_browser, leo):
    page = open_browser()
    for _ in range(TRIES):
        page.goto("/accounts/login/")
        write(page, {"Username or email": "leo", "Password": "not this one"})
        press(page, "Log in")
        expect(page.get_by_role("alert").first).to_be_visible()

    is_refused(page, "Too many tries. Wait five minutes, then try again.")
    is_faultless(page)


@pytest.mark.threat("T93")
def test_the_download_leaves_a_page_that_says_what_it_is(open_browser, leo):
    page = open_browser(leo)
    page.goto("/accounts/data/")
    follow(page, "Download my data")
    write(page, {"Password": "correct horse battery"})
    press(page, "Continue")
    is_faultless(page)
    with page.expect_download() as file:
        press(page, "Download the file")

    assert file.value.suggested_filename == "homeroom.json"
    expect(page.get_by_role("heading", name="Download my data")).to_be_visible()


@pytest.mark.threat("T93")
def test_an_account_is_deleted_by_its_username(open_browser, leo):
    page = open_browser(leo)
    types_password_again(page)
    page.goto("/accounts/data/delete/")
    write(page, {"Your username": "amara"})
    press(page, "Delete my account for good")
    is_refused(page, "leo")
    is_faultless(page)
    write(page, {"Your username": "leo"})
    press(page, "Delete my account for good")
    sees(page, "Your account is deleted.")
    is_faultless(page)
