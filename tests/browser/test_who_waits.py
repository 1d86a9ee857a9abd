"""A student who has asked to join: the pop-up, and what the open page says when something happens meanwhile."""

import pytest
from playwright.sync_api import expect

from joins.acts.ask import ask_by_join_url
from joins.acts.queue import decide
from joins.models import JoinCode, JoinRequest
from tests.browser.conftest import log_in_cookie
from tests.browser.hands import is_at, press, sees, the_page_asks_by_itself, write
from tests.factories import PASSWORD, ClassroomFactory

pytestmark = pytest.mark.browser
AFTER_A_SECOND = 1050  # milliseconds


@pytest.fixture
def amara_asks(biology, amara):
    return ask_by_join_url(biology.join_url, by=amara)


@pytest.fixture
def at_home(open_browser, amara_asks, amara):
    page = open_browser(amara, is_watched=False)
    page.goto("/")
    return page


@pytest.mark.rule("J6", "J10")
def test_two_pop_ups_come_one_after_the_other(open_browser, biology, ms_okafor):
    """Both classes of a sign-up have to approve. If the second pop-up were a part of the page, its "Cancel my request"
    would come under the finger that has just pressed "Close".
    """
    chess, code = ClassroomFactory(name="Chess club"), JoinCode.objects.get_current(biology)
    code.lock(by=ms_okafor)
    page = open_browser(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page.goto(chess.join_url.path)
    press(page, "Ask to join")
    page.goto("/accounts/signup/student/")
    write(page, {"Code": code.in_threes, "First name": "Wim", "Username": "wim", "Password": PASSWORD})
    press(page, "Create my account")

    page.wait_for_url("**/")
    page.wait_for_timeout(AFTER_A_SECOND)
    page.keyboard.press("Escape")  # before Playwright has looked at the page, which counts as a press there
    expect(page.locator("dialog:modal:has(button:focus)")).to_contain_text("asked to join Chess club")
    page.wait_for_timeout(AFTER_A_SECOND)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert JoinRequest.objects.pending().count() == 2


def test_the_pop_up_begins_with_its_heading_however_large_it_is(open_browser, biology, amara):
    """At 400 % zoom it opened at its end, because a browser scrolls to the button that gets the focus."""
    page = open_browser(amara, viewport={"width": 320, "height": 256})
    page.goto(biology.join_url.path)
    press(page, "Ask to join")
    pop_up = page.get_by_role("dialog")

    expect(pop_up.get_by_role("button", name="Close")).to_be_focused()
    expect(pop_up.get_by_role("heading", name="Request sent")).to_be_in_viewport()


@pytest.mark.fault("F33")
def test_a_press_without_a_network_in_the_pop_up_is_told(open_browser, biology, amara):
    """The message is outside the pop-up, which would hide it from eyes and from screen readers."""
    page = open_browser(amara, is_watched=False)
    page.goto(biology.join_url.path)
    press(page, "Ask to join")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.context.set_offline(True)
    page.mouse.move(1, 1)
    press(page.get_by_role("dialog"), "Cancel my request")

    expect(
        page.get_by_role("alert").filter(has_text="You're offline, so your press did nothing.")
    ).to_be_visible()
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.context.set_offline(False)
    expect(page.locator("[data-pending]")).to_be_visible()


@pytest.mark.rule("Q3")
def test_the_page_about_a_press_that_came_too_late_can_be_loaded_again(
    at_home, biology, amara_asks, ms_okafor
):
    at_home.locator("summary", has_text="Cancel my request").click()
    decide(biology, [amara_asks.pk], "approve", by=ms_okafor)
    at_home.wait_for_timeout(1100)
    press(at_home, "Yes, cancel my request")
    sees(at_home, "You have been let in to Biology 9B already.")
    is_at(at_home, "/")
    at_home.reload()

    expect(at_home.get_by_role("heading", name="My classes")).to_be_visible()


@pytest.mark.rule("Q4")
def test_a_screen_reader_is_told_that_there_is_an_answer(at_home, biology, amara_asks, ms_okafor):
    decide(biology, [amara_asks.pk], "approve", by=ms_okafor)
    the_page_asks_by_itself(at_home)

    expect(at_home.locator("[aria-live]", has_text="You have a new message.")).to_have_count(1)
    sees(at_home, "Biology 9B")


@pytest.mark.rule("Q4")
def test_what_an_act_has_said_stays_when_an_answer_comes(at_home, biology, amara, ms_okafor):
    chess = ClassroomFactory(name="Chess club", by=ms_okafor)
    at_chess = ask_by_join_url(chess.join_url, by=amara)
    at_home.reload()
    at_home.locator("summary", has_text="Cancel my request to join Biology 9B").click()
    at_home.wait_for_timeout(AFTER_A_SECOND)
    press(at_home, "Yes, cancel my request to join Biology 9B")
    sees(at_home, "You have cancelled your request to join Biology 9B.")
    decide(chess, [at_chess.pk], "approve", by=ms_okafor)
    the_page_asks_by_itself(at_home)

    sees(at_home, "You have a new message.", "You have cancelled your request to join Biology 9B.")


@pytest.mark.rule("Q4")
def test_a_request_that_was_cancelled_elsewhere_goes_from_the_open_page(at_home, amara_asks):
    expect(at_home.locator("[data-pending]")).to_be_visible()
    amara_asks.withdraw()
    the_page_asks_by_itself(at_home)

    expect(at_home.locator("[data-pending]")).to_have_count(0)


@pytest.mark.rule("C4", "Q4")
def test_the_open_page_says_that_the_class_is_archived_and_that_it_is_restored(
    at_home, biology, amara_asks, ms_okafor
):
    biology.archive(by=ms_okafor)
    the_page_asks_by_itself(at_home)
    sees(at_home, "This class isn't letting people in right now. Your request is saved.")

    biology.restore(by=ms_okafor)
    the_page_asks_by_itself(at_home)
    sees(at_home, "can let you in.")


@pytest.mark.rule("J10")
def test_what_is_opened_to_cancel_stays_open_with_the_focus_when_an_answer_comes(at_home, amara):
    yes = at_home.get_by_role("button", name="Yes, cancel my request")
    at_home.locator("summary", has_text="Cancel my request").press("Enter")
    at_home.keyboard.press("Tab")
    expect(yes).to_be_focused()
    amara.notifications.create(text="Something new", link="/")
    the_page_asks_by_itself(at_home)

    sees(at_home, "You have a new message.")
    expect(yes).to_be_focused()


@pytest.mark.rule("J11")
@pytest.mark.threat("T62")
def test_a_page_that_is_open_while_another_student_logs_in_becomes_theirs(at_home, biology, leo, live_server):
    """Parts of it came for Leo, under Amara's name, and a press there cancelled his request."""
    request = ask_by_join_url(biology.join_url, by=leo)
    leo.notifications.create(text="Something new", link="/")
    at_home.context.add_cookies([log_in_cookie(leo, live_server.url)])
    at_home.evaluate("htmx.trigger(document.body, 'queue-changed')")

    sees(at_home, "You're logged in as Leo Park now.")
    expect(at_home.locator("[data-joins-as]")).to_have_attribute("data-joins-as", "leo")
    expect(at_home.locator(f"form[action='/requests/{request.pk}/withdraw/']")).to_have_count(1)


@pytest.mark.rule("J8")
def test_the_page_of_the_join_url_says_that_they_are_in_by_now(
    open_browser, biology, amara_asks, amara, ms_okafor
):
    page = open_browser(amara)
    page.goto(biology.join_url.path)
    sees(page, "has to let you in")
    decide(biology, [amara_asks.pk], "approve", by=ms_okafor)
    the_page_asks_by_itself(page)

    sees(page, "You're in this class.")
    expect(page.get_by_text("has to let you in")).to_have_count(0)


def test_the_page_of_the_join_url_promises_nothing_once_the_class_is_deleted(
    open_browser, biology, amara_asks, amara, ms_okafor
):
    page = open_browser(amara, is_watched=False)
    page.goto(biology.join_url.path)
    sees(page, "has to let you in")
    biology.delete_class(by=ms_okafor)
    the_page_asks_by_itself(page)

    sees(page, "There is nothing here")
