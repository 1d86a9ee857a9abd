"""A crowd joins by Code while the teacher watches, and goes back to the queue with one press."""

import pytest
from playwright.sync_api import expect

from joins.acts.by_code import use_code
from joins.acts.move_to_queue import move_to_queue
from joins.models import JoinCode
from tests.browser.eyes import is_faultless
from tests.browser.hands import Counted, is_refused, press, sees
from tests.factories import StudentFactory

pytestmark = [pytest.mark.browser, pytest.mark.threat("T30")]
SECOND = 1100  # milliseconds


@pytest.fixture
def join_by_code(biology):
    """join_by_code("amara", "leo"): they join by the Code of Biology 9B."""

    def join(*usernames):
        code = JoinCode.objects.get_current(biology).code
        for username in usernames:
            use_code(code, by=StudentFactory(username=username, last_name=username.title()))

    return join


def test_the_list_of_today_grows_by_itself_and_one_press_sets_aside(page, join_by_code):
    page.get_by_role("link", name="Joined today").click()
    join_by_code("ada", "ben")

    expect(page.locator('[data-member="ben"]')).to_be_visible()
    is_faultless(page)
    press(page, "Move to the queue Robin Ben")

    sees(page, "Robin Ben is now waiting in the approval queue.")
    expect(page.locator('[data-member="ben"]')).to_have_count(0)
    expect(page.locator('[data-member="ada"]')).to_be_visible()
    is_faultless(page)


@pytest.mark.rule("J10")
def test_who_is_moved_to_queue_leaves_a_line_behind_and_the_page_stays_where_it_is(
    page, join_by_code, biology
):
    join_by_code(*(f"pupil{number:02}" for number in range(20)))
    page.goto(f"{biology.path}today/")
    button = page.get_by_role("button", name="Move to the queue Robin Pupil01")
    button.scroll_into_view_if_needed()
    page.wait_for_timeout(SECOND)
    scrolled, place = page.evaluate("scrollY"), button.bounding_box()

    button.click()

    sees(page, "Robin Pupil01 is now waiting in the approval queue.")
    expect(page.locator("[data-today]")).to_have_text("20")  # with Mr Lind
    expect(page.get_by_role("button", name="Move to the queue Robin Pupil02")).to_be_focused()
    line = page.get_by_text("Robin Pupil01 is now waiting in the approval queue").last.bounding_box()
    assert (page.evaluate("scrollY"), abs(line["y"] - place["y"]) < 30) == (scrolled, True)


def test_what_became_of_somebody_stays_when_others_arrive(page, join_by_code, biology):
    join_by_code("ada", "ben", "cem")
    page.goto(f"{biology.path}today/")
    for name in ("Ben", "Ada"):
        press(page, f"Move to the queue Robin {name}")
        sees(page, f"Robin {name} is now waiting in the approval queue.")

    join_by_code("dora")
    expect(page.locator('[data-member="dora"]')).to_be_visible()

    rows = page.locator("#today .rows > *").all_inner_texts()
    assert [row.split("\n")[0].split(" is now waiting")[0].removesuffix(" Student") for row in rows[1:]] == [
        "Robin Ada",
        "Robin Ben",
        "Robin Cem",
        "Robin Dora",
    ]  # below Mr Lind


@pytest.mark.rule("J10")
def test_whoever_arrives_moves_nobody_and_whoever_comes_under_the_pointer_is_not_pressed_in_the_first_second(
    page, join_by_code, biology
):
    join_by_code("ada", "ben", "cem")
    page.goto(f"{biology.path}today/")
    button = page.get_by_role("button", name="Move to the queue Robin Ben")
    box = button.bounding_box()
    place = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*place)

    join_by_code("dora")
    expect(page.locator('[data-member="dora"]')).to_be_visible()
    assert button.bounding_box()["y"] == box["y"]

    page.wait_for_timeout(SECOND)
    biology.memberships.get(user__username="ada").leave()
    expect(page.locator('[data-member="ada"]')).to_have_count(0)
    page.mouse.click(*place)
    page.wait_for_timeout(SECOND)
    assert biology.memberships.filter(user__username__in=["ben", "cem"]).count() == 2
    page.mouse.click(*place)

    sees(page, "Robin Cem is now waiting in the approval queue.")


@pytest.mark.rule("Q3", "J10")
def test_who_was_moved_to_queue_by_a_colleague_meanwhile_is_told_where_the_pointer_is(
    page, join_by_code, biology
):
    join_by_code(*(f"pupil{number:02}" for number in range(20)))
    page.goto(f"{biology.path}today/")
    page.wait_for_timeout(SECOND)
    move_to_queue(biology, "pupil01", by=biology.memberships.get(role="co-teacher").user)

    press(page, "Move to the queue Robin Pupil01")

    is_refused(page, "Jonas Lind moved Robin Pupil01 to the queue")
    told = page.locator("#flash").get_by_text("Jonas Lind moved Robin Pupil01 to the queue")
    expect(told).to_be_in_viewport()
    page.wait_for_timeout(SECOND)
    press(page, "Move to the queue Robin Pupil03")
    expect(told).to_have_count(0)


@pytest.mark.rule("K8")
def test_one_press_and_the_crowd_waits_but_for_whom_the_teacher_knows(page, join_by_code, biology):
    old = JoinCode.objects.get_current(biology).in_threes
    join_by_code("ada", "ben", "cem")
    page.get_by_text("More about the Code").click()
    page.get_by_role("link", name="It has leaked").click()
    page.get_by_role("radio", name="Let me pick").check()
    page.get_by_role("checkbox", name="Tick all in this list").check()
    page.get_by_role("checkbox", name="Robin Ada").uncheck()
    sees(page, "1 stays · 2 go to the queue")
    is_faultless(page)
    press(page, "Reset the Code")

    sees(page, "Moved to the queue: 2. Still in the class: 1.")
    expect(page.locator("[data-request]")).to_have_count(2)
    is_faultless(page)
    page.goto(biology.path)
    expect(page.locator("[data-code-state]")).to_have_attribute("data-code-state", "locked")
    assert old not in page.content()


@pytest.mark.rule("J10")
def test_who_joined_while_the_page_was_open_is_said_in_amber(page, join_by_code, biology):
    """The message about what was done is green, and this one asks to look again."""
    join_by_code("ada", "ben")
    page.goto(f"{biology.path}code/leaked/")
    join_by_code("cem")
    press(page, "Reset the Code")

    sees(page, "1 more joined while you were looking, and is ticked here.")
    sees(page, "Nobody stays · 1 goes to the queue")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        edges = page.locator(".flash__message").evaluate_all(
            "messages => messages.map(message => getComputedStyle(message).borderTopColor)"
        )
        assert len(set(edges)) == 2, scheme
    is_faultless(page)


@pytest.mark.rule("K8")
def test_a_leak_is_three_presses(page, join_by_code, biology):
    join_by_code("ada", "ben")
    hands = Counted(page)
    hands.click(page.locator("summary", has_text="More about the Code"))
    hands.follow("It has leaked")
    sees(page, "Nobody stays · 2 go to the queue")
    hands.press("Reset the Code")

    sees(page, "Moved to the queue: 2. Still in the class: nobody.")
    assert hands.counted("a leaked Code is reset").clicks == 3


@pytest.mark.rule("J10")
def test_the_sentence_is_about_the_latest_choice_and_hidden_while_it_is_counted(page, join_by_code, biology):
    """A press meanwhile only counts, because the page hasn't said what it does."""
    join_by_code("ada", "ben")
    page.goto(f"{biology.path}code/leaked/")
    held = []
    page.route(
        "**/code/leaked/",
        lambda route: held.append(route) if "hx-request" in route.request.headers else route.continue_(),
    )
    page.get_by_role("radio", name="Let me pick").check()

    expect(page.locator("#leak-count")).to_be_hidden()
    press(page, "Reset the Code")
    sees(page, "2 stay · nobody goes to the queue")
    assert JoinCode.objects.filter(classroom=biology).count() == 1


@pytest.mark.rule("J10")
def test_a_choice_that_is_changed_and_changed_back_resets_nothing(page, join_by_code, biology):
    """The page sends itself to be counted, with a choice that has been counted before."""
    join_by_code("ada", "ben")
    page.goto(f"{biology.path}code/leaked/")
    page.get_by_role("radio", name="Let me pick").check()
    sees(page, "2 stay · nobody goes to the queue")
    name = page.get_by_label("Name or username")
    name.fill("ada")
    with page.expect_response("**/code/leaked/"):
        name.blur()

    sees(page, "2 stay · nobody goes to the queue")
    assert JoinCode.objects.filter(classroom=biology).count() == 1


@pytest.mark.rule("J10")
@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_enter_in_the_search_finds_people_and_resets_nothing(
    open_browser, ms_okafor, join_by_code, biology, java_script_enabled
):
    """The browser presses the form's first button then, and with a script that one is hidden."""
    join_by_code("ada", "ben")
    page = open_browser(ms_okafor, java_script_enabled=java_script_enabled)
    page.goto(f"{biology.path}code/leaked/?who=pick")
    name = page.get_by_label("Name or username")
    name.fill("ada")
    name.press("Enter")

    sees(page, "1 of 2 matches “ada”.")
    expect(page.locator("[data-username]")).to_have_count(1)
    expect(page.get_by_label("Name or username")).to_be_focused()
    page.locator("#since").press("Enter")
    page.get_by_role("radio", name="Let me pick").press("Enter")
    sees(page, "2 stay · nobody goes to the queue")
    assert JoinCode.objects.filter(classroom=biology).count() == 1


def test_without_a_moment_the_focus_is_on_its_field(page, join_by_code, biology):
    join_by_code("ada")
    page.goto(f"{biology.path}code/leaked/")
    page.locator("#since").fill("")
    sees(page, "Choose a day and a time.")
    press(page, "Reset the Code")

    expect(page.locator("#since")).to_be_focused()
    assert page.title().startswith("Error: ")


def test_the_foot_covers_nobody_who_has_the_focus(page, join_by_code, biology):
    join_by_code(*(f"pupil{number:02}" for number in range(20)))
    page.goto(f"{biology.path}code/leaked/")
    page.get_by_role("radio", name="Let me pick").check()
    page.get_by_role("checkbox", name="Tick all in this list").focus()
    foot = page.locator(".leak__foot")
    for _ in range(12):
        page.keyboard.press("Tab")
        row = page.locator("label.row:has(:focus)").bounding_box()
        assert row["y"] + row["height"] <= foot.bounding_box()["y"]


@pytest.mark.threat("T33")
def test_a_code_that_locked_itself_says_so_and_the_join_url_can_be_paused(
    page, join_by_code, biology, ms_okafor
):
    biology.edit(by=ms_okafor, expected_size=1)
    join_by_code("ada", "ben", "cem")
    page.reload()
    sees(page, "More people joined than you expected, so it locked")
    press(page, "Pause the Join URL")
    sees(page, "Nobody can use it.")
    is_faultless(page)
    press(page, "Unlock for two more weeks")
    sees(page, "It locks again once there are 3 members.")
    is_faultless(page)


def test_a_second_tick_before_the_first_is_counted_is_no_fault(page, join_by_code, biology):
    """The page drops its first question. As always, the watch over it fails the test for what the browser reports."""
    join_by_code("ada", "ben")
    page.goto(f"{biology.path}code/leaked/")
    page.get_by_role("radio", name="Let me pick").check()
    sees(page, "2 stay · nobody goes to the queue")
    page.route("**/code/leaked/", lambda route: None, times=1)  # no answer comes
    with page.expect_request("**/code/leaked/"):
        page.get_by_role("checkbox", name="Robin Ada").check()

    page.get_by_role("checkbox", name="Robin Ben").check()

    sees(page, "Nobody stays · 2 go to the queue")
