"""A crowd joins by Code while the teacher watches, and goes back to the queue with one press."""

import pytest
from playwright.sync_api import expect

from joins.acts import leak
from joins.acts.by_code import use_code
from joins.models import JoinCode
from tests.browser.eyes import is_faultless
from tests.browser.hands import is_refused, press, sees
from tests.factories import StudentFactory

pytestmark = [pytest.mark.browser, pytest.mark.threat("T30")]
SECOND = 1100  # milliseconds


@pytest.fixture
def join_by_code(biology):
    """join_by_code("amara", "leo"): they join by the Code of Biology 9B."""

    def join(*usernames):
        code = JoinCode.objects.current_of(biology).code
        for username in usernames:
            use_code(code, by=StudentFactory(username=username, last_name=username.title()))

    return join


@pytest.fixture
def page(open_browser, ms_okafor, biology):
    page = open_browser(ms_okafor)
    page.goto(biology.path)
    return page


def test_the_list_of_today_grows_by_itself_and_one_press_sets_aside(page, join_by_code):
    page.get_by_role("link", name="Joined today").click()
    join_by_code("ada", "ben")

    expect(page.locator('[data-member="ben"]')).to_be_visible()
    is_faultless(page)
    press(page, "Move to the queue Robin Ben")

    sees(page, "Robin Ben waits in the approval queue now.")
    expect(page.locator('[data-member="ben"]')).to_have_count(0)
    expect(page.locator('[data-member="ada"]')).to_be_visible()
    is_faultless(page)


@pytest.mark.rule("J10")
def test_who_is_set_aside_leaves_a_line_behind_and_the_page_stays_where_it_is(page, join_by_code, biology):
    join_by_code(*(f"pupil{number:02}" for number in range(20)))
    page.goto(f"{biology.path}today/")
    button = page.get_by_role("button", name="Move to the queue Robin Pupil01")
    button.scroll_into_view_if_needed()
    page.wait_for_timeout(SECOND)
    scrolled, place = page.evaluate("scrollY"), button.bounding_box()

    button.click()

    sees(page, "Robin Pupil01 waits in the approval queue now.")
    expect(page.locator("[data-today]")).to_have_text("20")  # with Mr Lind
    expect(page.get_by_role("button", name="Move to the queue Robin Pupil00")).to_be_focused()
    line = page.get_by_text("Robin Pupil01 waits in the approval queue now").last.bounding_box()
    assert (page.evaluate("scrollY"), abs(line["y"] - place["y"]) < 30) == (scrolled, True)


def test_what_became_of_somebody_stays_when_others_arrive(page, join_by_code, biology):
    join_by_code("ada", "ben", "cem")
    page.goto(f"{biology.path}today/")
    for name in ("Ben", "Ada"):
        press(page, f"Move to the queue Robin {name}")
        sees(page, f"Robin {name} waits in the approval queue now.")

    join_by_code("dora")
    expect(page.locator('[data-member="dora"]')).to_be_visible()

    rows = page.locator("#today .rows > *").all_inner_texts()
    assert [row.split("\n")[0].split(" waits")[0].removesuffix(" Student") for row in rows[:4]] == [
        "Robin Dora",
        "Robin Cem",
        "Robin Ben",
        "Robin Ada",
    ]


@pytest.mark.rule("J10")
def test_somebody_who_arrives_under_the_pointer_is_not_pressed_in_the_first_second(
    page, join_by_code, biology
):
    join_by_code("ada", "ben")
    page.goto(f"{biology.path}today/")
    page.wait_for_timeout(SECOND)
    box = page.get_by_role("button", name="Move to the queue Robin Ben").bounding_box()
    place = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*place)

    join_by_code("cem")
    expect(page.locator('[data-member="cem"]')).to_be_visible()
    page.mouse.click(*place)
    page.wait_for_timeout(SECOND)
    assert biology.memberships.filter(user__username__in=["ben", "cem"]).count() == 2
    page.mouse.click(*place)

    sees(page, "Robin Cem waits in the approval queue now.")


@pytest.mark.rule("Q3", "J10")
def test_who_was_set_aside_by_a_colleague_meanwhile_is_told_where_the_pointer_is(page, join_by_code, biology):
    join_by_code(*(f"pupil{number:02}" for number in range(20)))
    page.goto(f"{biology.path}today/")
    page.wait_for_timeout(SECOND)
    leak.move_to_queue(biology, "pupil01", by=biology.memberships.get(role="co-teacher").user)

    press(page, "Move to the queue Robin Pupil01")

    is_refused(page, "Jonas Lind moved to the queue: Robin Pupil01")
    expect(page.get_by_text("Jonas Lind moved to the queue: Robin Pupil01")).to_be_in_viewport()


@pytest.mark.rule("K8")
def test_one_press_and_the_crowd_waits_but_for_whom_the_teacher_knows(page, join_by_code, biology):
    old = JoinCode.objects.current_of(biology).in_threes
    join_by_code("ada", "ben", "cem")
    page.get_by_text("More about the Code").click()
    page.get_by_role("link", name="It has leaked").click()
    page.get_by_role("checkbox", name="Robin Ada").check()
    is_faultless(page)
    press(page, "Reset the Code and move everyone not ticked to the queue")

    sees(page, "Moved to the queue: 2.")
    expect(page.locator("[data-request]")).to_have_count(2)
    is_faultless(page)
    page.goto(biology.path)
    expect(page.locator("[data-code-state]")).to_have_attribute("data-code-state", "locked")
    assert old not in page.content()


@pytest.mark.threat("T33")
def test_a_code_that_locked_itself_says_so_and_the_join_url_can_be_paused(
    page, join_by_code, biology, ms_okafor
):
    biology.edit(by=ms_okafor, expected_size=1)
    join_by_code("ada", "ben", "cem")
    page.reload()
    sees(page, "More people joined than you expected, so it locked")
    press(page, "Pause the Join URL")
    sees(page, "Nobody can ask by it.")
    is_faultless(page)
    press(page, "Unlock for two more weeks")
    sees(page, "It locks again once there are 3 members.")
    is_faultless(page)
