"""Pages on which something is missing, wrong, full or closed have no fault either."""

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import expect

from joins.acts.ask import ask_by_join_url
from joins.models import JoinCode
from tests.browser.eyes import is_faultless
from tests.browser.hands import follow, is_at, press, sees, sees_the_code, write
from tests.clock import time_passes
from tests.factories import ClassroomFactory, MembershipFactory, StudentFactory

pytestmark = pytest.mark.browser


def test_nobody_is_in_any_class_yet(open_browser, mr_brandt, grace):
    for user, first_step in ((mr_brandt, "Create one:"), (grace, "Type the Code")):
        page = open_browser(user)
        page.goto("/")
        sees(page, first_step)
        is_faultless(page)
    page.goto("/notifications/")
    sees(page, "Nothing yet.")
    is_faultless(page)


def test_forms_that_need_another_look(open_browser, ms_okafor, biology):
    signed_out, owner = open_browser(), open_browser(ms_okafor)
    for page, address, button in (
        (signed_out, "/join/", "Join"),
        (signed_out, "/accounts/login/", "Log in"),
        (signed_out, "/accounts/signup/student/", "Create my account"),
        (owner, "/classes/new/", "Create it"),
        (owner, f"{biology.path}delete/", "Delete this class for good"),
    ):
        page.goto(address)
        page.evaluate("for (const form of document.forms) form.noValidate = true")
        press(page, button)
        expect(page.get_by_role("alert").first).to_be_visible()
        is_faultless(page)


@pytest.mark.threat("T62")
def test_the_way_back_to_a_form_that_needed_another_look_opens_the_form(open_browser, db):
    """No browser may keep the page, and Chromium would show its own page about that."""
    page = open_browser()
    page.goto("/join/")
    write(page, {"Code": "BBB"})
    press(page, "Join")
    sees(page, "A Code has")
    follow(page, "Help")
    sees(page, "Code or link?")
    page.go_back()

    expect(page.get_by_label("Code")).to_have_value("")
    page.reload()
    is_at(page, "/join/")


def test_the_code_is_locked_and_one_waits_and_the_choices_are_open(open_browser, ms_okafor, biology, amara):
    ask_by_join_url(biology.join_url, amara)
    page = open_browser(ms_okafor)
    page.goto(biology.path)
    press(page, "Lock now")
    sees_the_code(page, "locked")
    page.get_by_text("More about the Code").click()
    is_faultless(page)


def test_the_queue_is_empty_and_after_a_decision(open_browser, ms_okafor, biology, amara):
    page = open_browser(ms_okafor)
    page.goto(f"{biology.path}requests/")
    sees(page, "Nobody is waiting.")
    is_faultless(page)
    ask_by_join_url(biology.join_url, amara)
    time_passes(minutes=45)
    page.reload()
    sees(page, "45 minutes ago")
    is_faultless(page)
    press(page, "Let in Amara Toure")
    sees(page, "Amara Toure is in.")
    is_faultless(page)


def test_the_pop_up_stands_open(open_browser, amara, biology):
    page = open_browser(amara)
    page.goto(biology.join_url.path)
    press(page, "Ask to join")
    expect(page.get_by_role("dialog")).to_be_visible()
    is_faultless(page)


def test_the_class_is_archived(open_browser, ms_okafor, leo, biology):
    biology.archive(by=ms_okafor)
    owner, stranger = open_browser(ms_okafor), open_browser(leo)
    owner.goto(biology.path)
    sees(owner, "This class is archived.")
    is_faultless(owner)
    owner.goto("/")
    owner.get_by_text("Archived (1)").click()
    is_faultless(owner)
    stranger.goto(biology.join_url.path)
    sees(stranger, "nobody can join it")
    is_faultless(stranger)


def test_more_members_than_one_page_holds_and_a_name_that_never_ends(open_browser, ms_okafor):
    choir = ClassroomFactory(name="Chor" * 25, by=ms_okafor, kind="group", subject="x" * 60, grade="y" * 30)
    for _ in range(50):
        MembershipFactory(classroom=choir, user=StudentFactory(first_name="Ngozi" * 12, last_name="W" * 60))
    page = open_browser(ms_okafor)
    page.goto("/")
    is_faultless(page)
    page.goto(f"{choir.path}members/?page=2")
    sees(page, "Page 2 of 2")
    is_faultless(page)
    write(page, {"Name or username": "nobody"})
    press(page, "Find")
    sees(page, "Nobody here has")
    is_faultless(page)


def test_nobody_is_kept_out_and_one_who_is(open_browser, ms_okafor, biology, leo, is_in):
    is_in(leo)
    page = open_browser(ms_okafor)
    page.goto(f"{biology.path}kept-out/")
    sees(page, "Nobody is blocked")
    is_faultless(page)
    page.goto(f"{biology.path}members/leo/remove/")
    press(page, "Remove")
    sees(page, "Leo Park is removed and blocked.")
    is_faultless(page)


def test_a_sign_up_with_a_wish_to_join_kept(open_browser, biology):
    page = open_browser()
    page.goto(biology.join_url.path)
    press(page, "Ask to join")
    page.goto("/accounts/signup/student/")
    sees(page, "You're asking to join Biology 9B.")
    is_faultless(page)


@pytest.mark.threat("T49")
def test_a_wish_that_the_next_pupil_forgets(open_browser, biology):
    page = open_browser()
    page.goto("/join/")
    write(page, {"Code": JoinCode.objects.get_current(biology).code})
    press(page, "Join")
    sees(page, "Use another Code")
    is_faultless(page)
    page.goto(biology.join_url.path)
    press(page, "Ask to join")
    sees(page, "You're asking to join Biology 9B.", "Not you?")
    is_faultless(page)
    press(page, "Forget this and start again")
    sees(page, "We've forgotten the Code or link.")
    is_faultless(page)


def test_the_handout_of_a_locked_code(open_browser, ms_okafor, biology):
    JoinCode.objects.get_current(biology).lock(by=ms_okafor)
    page = open_browser(ms_okafor)
    page.goto(f"{biology.path}handout/")
    sees(page, "The Code is locked")
    is_faultless(page)


@pytest.mark.parametrize("error", ["400", "403_csrf", "405", "429", "500", "503"])
def test_an_error_that_one_cannot_bring_about_at_will(open_browser, error):
    """Rendered from its template, as when the error happens."""
    page = open_browser()
    page.route(
        "**/error",
        lambda route: route.fulfill(body=render_to_string(f"{error}.html"), content_type="text/html"),
    )
    page.goto("/error")
    is_faultless(page)
