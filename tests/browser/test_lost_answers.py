"""If the answer to a press never comes, or is an error without a page, a message says so until the next press."""

import re

import pytest
from playwright.sync_api import expect

from classroom.models import Membership
from joins.acts.ask import ask_by_join_url
from joins.acts.queue import decide
from joins.models import JoinCode
from tests.browser.hands import press, sees, the_page_asks_by_itself

pytestmark = [pytest.mark.browser, pytest.mark.fault("F33")]
NO_ANSWER = "No answer came"
REFUSED = "That didn't work, and nothing has changed. Reload the page to see who is logged in and what you can do now."


def test_a_press_whose_answer_is_lost_is_told_until_the_next_one_is_answered(
    open_browser, ms_okafor, biology
):
    page = open_browser(ms_okafor, is_watched=False)
    page.goto(biology.path)

    def lose(route):
        route.fetch()
        route.abort()

    page.route("**/code/lock/", lose)
    press(page, "Lock now")
    sees(page, NO_ANSWER)
    assert JoinCode.objects.get_current(biology).state == "locked"
    the_page_asks_by_itself(page)
    sees(page, NO_ANSWER)

    page.unroute("**/code/lock/")
    press(page, "Lock now")

    sees(page, "Locked.")
    expect(page.get_by_text(NO_ANSWER)).to_be_hidden()


def test_a_press_that_is_refused_is_told_and_the_page_says_why_by_itself(open_browser, mr_lind, biology):
    page = open_browser(mr_lind, is_watched=False)
    page.goto(biology.path)
    Membership.objects.filter(classroom=biology, user=mr_lind).update(role="member")
    press(page, "Lock now")
    sees(page, REFUSED)

    the_page_asks_by_itself(page)

    sees(page, "You don't manage this class any more.")


UNSENT = "You're offline, so your press did nothing. What you typed is still here."


@pytest.mark.parametrize("how", ["button", "Enter"])
def test_a_press_without_a_network_keeps_what_was_typed(open_browser, ms_okafor, biology, how):
    """The browser's own page about that would replace the form, and Back would bring it back empty."""
    page = open_browser(ms_okafor, is_watched=False)
    page.goto(f"{biology.path}edit/")
    name = page.get_by_label("Name")
    name.fill("Biology 9C")
    page.context.set_offline(True)
    page.get_by_role("button", name="Save").click() if how == "button" else name.press("Enter")
    sees(page, UNSENT)
    expect(name).to_have_value("Biology 9C")

    page.context.set_offline(False)
    expect(page.get_by_text(UNSENT)).to_be_hidden()
    page.wait_for_timeout(1000)
    press(page, "Save")
    expect(page.get_by_role("heading", name="Biology 9C")).to_be_visible()


def test_a_browser_that_calls_itself_offline_may_still_reach_homeroom(open_browser, ms_okafor, biology):
    """For example on a laptop without a network that runs Homeroom itself."""
    page = open_browser(ms_okafor)
    page.add_init_script("Object.defineProperty(navigator, 'onLine', { get: () => false })")
    with page.expect_response("**/healthz"):
        page.goto(biology.path)
    press(page, "Lock now")

    expect(page.locator("[data-code-state=locked]")).to_be_visible()
    expect(page.get_by_text(UNSENT)).to_be_hidden()


@pytest.mark.rule("Q4")
def test_what_is_lost_of_an_answer_by_a_bad_line_comes_when_it_is_back(
    open_browser, biology, ms_okafor, amara
):
    """A student was let in while the line was gone. The page went on saying that it's old, and that they wait."""
    join_request = ask_by_join_url(biology.join_url, by=amara)
    page = open_browser(amara, is_watched=False)
    page.goto("/")
    page.route(re.compile("/[?]$"), lambda route: route.abort())
    decide(biology, [join_request.pk], "approve", by=ms_okafor)
    the_page_asks_by_itself(page)
    sees(page, "You're offline")

    page.unroute(re.compile("/[?]$"))

    sees(page, "You have a new message.")
    expect(page.locator("[data-pending]")).to_have_count(0)
    expect(page.locator("[data-offline]")).to_be_hidden()


@pytest.mark.rule("Q1")
@pytest.mark.parametrize("status", [None, 503])
def test_so_does_what_a_queue_has_missed(open_browser, biology, ms_okafor, asks, status):
    asks("Ada")
    page = open_browser(ms_okafor, is_watched=False)
    page.goto(f"{biology.path}requests/")
    news = "**/requests/?page=1"
    page.route(news, lambda route: route.fulfill(status=status) if status else route.abort())
    asks("Ben")
    the_page_asks_by_itself(page)
    page.unroute(news)

    sees(page.locator("#queue"), "Ben Lee")
