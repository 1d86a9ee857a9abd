"""T30: a crowd comes by the Code while the teacher looks, and goes to the queue with one press."""

import pytest
from playwright.sync_api import expect

from joins.models import JoinCode
from tests.browser.eyes import is_faultless
from tests.browser.hands import press, sees
from tests.factories import StudentFactory

pytestmark = pytest.mark.browser


@pytest.fixture
def come(biology):
    """come("amara", "leo") by the Code of Biology 9B."""

    def redeemed(*usernames):
        code = JoinCode.objects.of(biology).code
        for username in usernames:
            JoinCode.objects.redeem(code, by=StudentFactory(username=username, last_name=username.title()))

    return redeemed


@pytest.fixture
def page(open_browser, ms_okafor, biology):
    page = open_browser(ms_okafor)
    page.goto(biology.path)
    return page


def test_the_list_of_today_grows_by_itself_and_one_press_sets_aside(page, come):
    """T30"""
    page.get_by_role("link", name="Who came today").click()
    come("ada", "ben")

    expect(page.locator('[data-member="ben"]')).to_be_visible()
    is_faultless(page)
    press(page, "Set aside Robin Ben")

    sees(page, "Robin Ben is set aside and waits in the approval queue.")
    expect(page.locator('[data-member="ben"]')).to_have_count(0)
    expect(page.locator('[data-member="ada"]')).to_be_visible()


def test_one_press_and_the_crowd_waits_but_for_whom_the_teacher_knows(page, come, biology):
    """T30, K8"""
    old = JoinCode.objects.of(biology).shown
    come("ada", "ben", "cem")
    page.get_by_role("link", name="It has leaked").click()
    page.get_by_role("checkbox", name="Robin Ada").check()
    is_faultless(page)
    press(page, "Reset the Code and set aside whoever is not ticked")

    sees(page, "Set aside and waiting here: 2.")
    expect(page.locator("[data-request]")).to_have_count(2)
    is_faultless(page)
    page.goto(biology.path)
    expect(page.locator("[data-code-state]")).to_have_attribute("data-code-state", "locked")
    assert old not in page.content()


def test_a_code_that_locked_itself_says_so_and_the_join_url_can_be_paused(page, come, biology, ms_okafor):
    """T30, T33"""
    biology.edit(by=ms_okafor, expected_size=1)
    come("ada", "ben", "cem")
    page.reload()
    sees(page, "More came than you expect, so it locked itself")
    press(page, "Pause the Join URL")
    sees(page, "Nobody can ask by it.")
    is_faultless(page)
    press(page, "Unlock for two more weeks")
    sees(page, "It locks itself again once there are 3 members.")
    is_faultless(page)
