"""Two managers at one queue: the first decision stands."""

import pytest
from playwright.sync_api import expect

from joins.acts import queue
from joins.acts.ask import ask_by_join_url
from tests.browser.hands import is_refused, press, sees

pytestmark = [pytest.mark.browser, pytest.mark.rule("Q3")]


@pytest.fixture
def amara_waits(biology, amara):
    """Amara has asked to join by the Join URL."""
    return ask_by_join_url(biology.join_url, amara)


@pytest.fixture
def queue_of(open_browser, biology, amara_waits):
    """queue_of(user) -> the queue of Biology 9B, open in that manager's browser."""

    def opened(user, **options):
        page = open_browser(user, **options)
        page.goto(f"{biology.path}requests/")
        return page

    return opened


def test_the_co_teacher_lets_in_and_the_owners_later_press_is_told_who_did(
    queue_of, ms_okafor, mr_lind, biology, amara
):
    """ "wait for the Owner or a Co-teacher to approve the join request" """
    # Without JavaScript the page doesn't refresh itself.
    owners = queue_of(ms_okafor, java_script_enabled=False)
    co_teachers = queue_of(mr_lind)
    press(co_teachers, "Let in Amara Toure")
    sees(co_teachers, "Amara Toure is in.")

    press(owners, "Say no to Amara Toure")

    sees(owners, "Amara Toure was let in by Jonas Lind on")
    assert biology.memberships.filter(user=amara).exists()


def test_the_changed_part_of_the_page_says_it_too(queue_of, ms_okafor, mr_lind, biology, amara_waits):
    owners = queue_of(ms_okafor)
    queue.decide(biology, [amara_waits.pk], "deny", by=mr_lind)
    press(owners, "Let in Amara Toure")

    sees(owners, "Jonas Lind said no to Amara Toure on", "Nobody is waiting.")
    expect(owners.locator("[data-decided]")).to_be_focused()


@pytest.mark.rule("Q5", "N1")
def test_both_are_notified_and_the_decision_settles_it_for_both(queue_of, open_browser, ms_okafor, mr_lind):
    co_teachers = queue_of(mr_lind)
    expect(co_teachers.locator("[data-unread]")).to_have_attribute("data-unread", "1")
    press(co_teachers, "Let in Amara Toure")

    owners = open_browser(ms_okafor)
    owners.goto("/notifications/")
    sees(owners, "Amara Toure asks to join Biology 9B.")
    expect(owners.get_by_role("navigation").locator("[data-unread]")).to_have_attribute("data-unread", "0")


@pytest.mark.rule("J10")
def test_a_stale_reset_page_does_not_kill_the_new_code(
    open_browser, ms_okafor, mr_lind, biology, biology_code
):
    owners = open_browser(ms_okafor)
    owners.goto(f"{biology.path}code/reset/")
    biology_code().reset(by=mr_lind)
    fresh = biology_code().code
    press(owners, "Reset the Code")

    is_refused(owners, "Somebody reset the Code meanwhile.")
    assert biology_code().code == fresh
