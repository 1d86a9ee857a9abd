"""If the answer to a press never comes, or is an error without a page, a message says so until the next press."""

import pytest
from playwright.sync_api import expect

from classroom.models import Membership
from joins.models import JoinCode
from tests.browser.conftest import WAIT, log_in_cookie
from tests.browser.hands import press, sees

pytestmark = [pytest.mark.browser, pytest.mark.fault("F33")]
NO_ANSWER = "No answer came"
REFUSED = "That didn't work, and nothing has changed. Reload the page to see what you can do now."


@pytest.fixture
def open_class(chromium, live_server, biology):
    """open_class(user) -> the page of Biology 9B. Its console may report the lost connection, so nobody listens to
    it."""
    contexts = []

    def opened(user):
        context = chromium.new_context(base_url=live_server.url)
        contexts.append(context)
        context.set_default_timeout(WAIT)
        context.add_cookies([log_in_cookie(user, live_server.url)])
        page = context.new_page()
        page.goto(biology.path)
        return page

    yield opened
    for context in contexts:
        context.close()


def the_page_asks_by_itself(page):
    with page.expect_response("**/waiting/*"):
        page.evaluate("htmx.trigger(document.body, 'queue-changed')")
    page.wait_for_timeout(100)


def test_a_press_whose_answer_is_lost_is_told_until_the_next_one_is_answered(open_class, ms_okafor, biology):
    page = open_class(ms_okafor)

    def lose(route):
        route.fetch()
        route.abort()

    page.route("**/code/lock/", lose)
    press(page, "Lock now")
    sees(page, NO_ANSWER)
    assert JoinCode.objects.current_of(biology).state == "locked"
    the_page_asks_by_itself(page)
    sees(page, NO_ANSWER)

    page.unroute("**/code/lock/")
    press(page, "Lock now")

    sees(page, "Locked.")
    expect(page.get_by_text(NO_ANSWER)).to_be_hidden()


def test_a_press_that_is_refused_is_told_whatever_the_page_asks_by_itself(open_class, mr_lind, biology):
    page = open_class(mr_lind)
    Membership.objects.filter(classroom=biology, user=mr_lind).update(role="member")
    press(page, "Lock now")
    sees(page, REFUSED)

    the_page_asks_by_itself(page)

    sees(page, REFUSED)
