"""If somebody is logged out while they type, they lose nothing, and nothing happens before they press beside their
name."""

import pytest
from playwright.sync_api import expect

from classroom.models import Classroom
from tests.browser.eyes import is_faultless
from tests.browser.hands import is_refused, log_in, press, sees, the_page_asks_by_itself, write

pytestmark = pytest.mark.browser
TYPED = {"Name": "Chess", "Subject": "Games", "Grade": "Year 9"}
STAYS = "What you typed is still here."


def log_out_in_another_tab(page):
    """A session ends like this at night, too: the page doesn't notice."""
    tab = page.context.new_page()
    tab.goto("/accounts/logout/")
    tab.get_by_role("main").get_by_role("button", name="Log out").click()
    sees(tab, "You've logged out.")
    tab.close()


def log_in_in_the_new_tab(page, name):
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Log in in a new tab").click()
    log_in(opened.value, name)
    sees(opened.value, "My classes")
    opened.value.close()


@pytest.mark.rule("J11")
@pytest.mark.threat("T61")
@pytest.mark.parametrize("has_script", [True, False])
def test_what_was_typed_comes_back_and_is_done_under_the_name_that_stands_there(
    open_browser, ms_okafor, has_script
):
    page = open_browser(ms_okafor, java_script_enabled=has_script)
    page.goto("/classes/new/")
    write(page, TYPED)
    page.get_by_label("Group").check()
    log_out_in_another_tab(page)

    press(page, "Create it")
    is_refused(page, "You've been logged out here")
    if has_script:
        is_faultless(page)
    log_in_in_the_new_tab(page, "okafor")
    press(page, "Try again")
    is_refused(page, "You're logged in as Ngozi Okafor (okafor) now.")
    assert not Classroom.objects.exists()
    if has_script:
        is_faultless(page)
    page.mouse.move(1, 1)
    press(page, "Try again")

    sees(page, "Chess")
    assert Classroom.objects.filter(name="Chess", kind="group", subject="Games", grade="Year 9").count() == 1


@pytest.mark.threat("T62")
def test_a_page_that_asks_by_itself_leaves_what_is_being_typed(open_browser, ms_okafor, biology):
    """A page without typed text does leave, so that nobody who comes by reads it."""
    page = open_browser(ms_okafor)
    page.goto(f"{biology.path}edit/")
    write(page, {"Name": "Biology 9C"})
    log_out_in_another_tab(page)

    the_page_asks_by_itself(page)
    sees(page, STAYS)
    expect(page.get_by_label("Name")).to_have_value("Biology 9C")
    press(page, "Save")
    is_refused(page, "You've been logged out here")
    log_in_in_the_new_tab(page, "okafor")
    press(page, "Try again")
    is_refused(page, "You're logged in as Ngozi Okafor (okafor) now.")
    page.mouse.move(1, 1)  # the button is where they have just pressed (J10)
    press(page, "Try again")
    sees(page, "Saved.", "Biology 9C")

    page.goto(f"{biology.path}edit/")
    log_out_in_another_tab(page)
    page.evaluate("htmx.trigger(document.body, 'queue-changed')")
    page.wait_for_url("**/accounts/login/**")


@pytest.mark.rule("J11")
@pytest.mark.parametrize(("path", "label"), [("note/", "Note"), ("list/", "Names")])
def test_a_text_of_several_lines_stays_too(open_browser, ms_okafor, biology, path, label):
    """The page went to the log-in in the middle of a sentence."""
    page = open_browser(ms_okafor)
    page.goto(biology.path + path)
    write(page, {label: "Ana\nBen"})
    log_out_in_another_tab(page)

    the_page_asks_by_itself(page)

    sees(page, STAYS)
    expect(page.get_by_label(label)).to_have_value("Ana\nBen")


@pytest.mark.rule("J11")
def test_a_profile_comes_back_to_the_person_who_opened_it(open_browser, ms_okafor, biology):
    page = open_browser(ms_okafor)
    page.goto("/accounts/profile/")
    write(page, {"First name": "Ngózi"})
    log_out_in_another_tab(page)

    the_page_asks_by_itself(page)
    sees(page, STAYS)
    press(page, "Save my profile")
    is_refused(page, "You've been logged out here")
    is_faultless(page)
    log_in_in_the_new_tab(page, "okafor")
    press(page, "Try again")
    is_refused(page, "You're logged in as Ngozi Okafor (okafor) now.")
    page.mouse.move(1, 1)  # the button is where they have just pressed (J10)
    press(page, "Try again")

    sees(page, "Your profile is saved.")
    expect(page.get_by_label("First name")).to_have_value("Ngózi")


def test_what_was_refused_once_stays_too(open_browser, ms_okafor, biology):
    """The text came with the page, so nobody has typed anything since."""
    page = open_browser(ms_okafor)
    page.goto(f"{biology.path}edit/")
    write(page, {"Name": "Biology 9C", "How many do you expect": "6000"})
    page.get_by_label("How many").evaluate("field => field.form.noValidate = true")
    press(page, "Save")
    sees(page, "Give a whole number from 1 to 5000.")
    log_out_in_another_tab(page)

    the_page_asks_by_itself(page)

    sees(page, STAYS)
    expect(page.get_by_label("Name")).to_have_value("Biology 9C")
