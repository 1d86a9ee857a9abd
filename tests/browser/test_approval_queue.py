"""From a locked Code through the queue into the class, in two browsers in which nobody reloads the page."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from joins.acts import queue
from joins.acts.ask import ask_by_join_url
from joins.models import JoinCode, JoinRequest
from tests.browser.hands import (
    focus,
    is_refused,
    press,
    sees,
    sees_the_pop_up,
    the_page_asks_by_itself,
    write,
)

pytestmark = pytest.mark.browser
AFTER_TWO_SECONDS = 2100  # milliseconds


@pytest.fixture
def locked(biology, ms_okafor):
    """The Code of Biology 9B, locked by Ms Okafor."""
    code = JoinCode.objects.get_current(biology)
    code.lock(by=ms_okafor)
    return code


@pytest.fixture
def at_the_queue(open_browser, ms_okafor, biology):
    page = open_browser(ms_okafor)
    page.goto(f"{biology.path}requests/")
    return page


@pytest.fixture
def use_locked_code(open_browser, locked):
    """use_locked_code(user) -> their page after they have used the locked Code."""

    def use(user):
        page = open_browser(user)
        page.goto("/join/")
        write(page, {"Code": locked.in_threes})
        press(page, "Join")
        sees_the_pop_up(page, "Biology 9B")
        return page

    return use


@pytest.mark.rule("J2", "Q1")
def test_a_request_appears_in_the_open_queue_by_itself_and_the_teacher_lets_in(
    at_the_queue, use_locked_code, amara
):
    """ "they will be placed in an approval queue where the owner will receive a notification"."""
    sees(at_the_queue, "Nobody is waiting.")
    expect(at_the_queue.locator("[data-waiting]")).to_have_attribute("data-waiting", "0")
    students_page = use_locked_code(amara)
    sees(students_page, "with a Code that was locked")

    row = at_the_queue.locator('[data-username="amara"]')
    expect(row).to_have_attribute("data-door", "code")
    expect(at_the_queue.locator("[data-waiting]")).to_have_attribute("data-waiting", "1")
    expect(at_the_queue.locator("[data-unread]")).to_have_attribute("data-unread", "1")

    row.get_by_role("button", name="Let in").click()
    sees(at_the_queue, "Amara Toure is in.", "Nobody is waiting.")
    becomes_a_membership(students_page)


def becomes_a_membership(page):
    """The request's card disappears and the class appears without a press by the student (Q4)."""
    expect(page.locator("[data-pending]")).to_have_count(0)
    page.get_by_role("link", name="Biology 9B").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Biology 9B")


def test_who_types_or_ticks_is_not_disturbed_when_somebody_else_asks_to_join(
    at_the_queue, use_locked_code, amara, leo
):
    """Focus and ticks survive when the page refreshes itself."""
    use_locked_code(amara)
    first = at_the_queue.locator('[data-username="amara"]')
    first.get_by_role("checkbox").check()
    focus(first.get_by_role("button", name="Say no"))

    use_locked_code(leo)

    sees(at_the_queue, "1 new · Show")
    at_the_queue.mouse.move(1, 1)
    expect(at_the_queue.locator("[data-request]")).to_have_count(2)
    expect(first.get_by_role("button", name="Say no")).to_be_focused()
    expect(first.get_by_role("checkbox")).to_be_checked()
    press(at_the_queue, "Let in ticked")
    sees(at_the_queue, "Amara Toure is in.")
    expect(at_the_queue.locator("[data-request]")).to_have_count(1)


def test_the_door_panel_counts_who_waits_by_itself(open_browser, ms_okafor, biology, use_locked_code, amara):
    page = open_browser(ms_okafor)
    page.goto(biology.path)
    sees(page, "Nobody is waiting")
    expect(page).to_have_title("Biology 9B · Homeroom")
    use_locked_code(amara)

    expect(page).to_have_title("(1) Biology 9B · Homeroom", timeout=15_000)
    page.get_by_role("main").get_by_role("link", name="1 waiting").click()
    sees(page, "Amara Toure")


@pytest.mark.rule("J10")
def test_more_about_the_code_moves_nothing_in_the_other_half(open_browser, ms_okafor, biology, asks):
    asks("Ada")
    page = open_browser(ms_okafor, viewport={"width": 1280, "height": 800})
    page.goto(biology.path)
    stood_at = page.locator("#to-queue").bounding_box()

    page.get_by_text("More about the Code").click()

    expect(page.get_by_role("link", name="Reset…")).to_be_visible()
    assert page.locator("#to-queue").bounding_box() == stood_at


def test_by_keyboard_the_queue_can_be_skipped(at_the_queue, asks):
    """Otherwise the acts for several people are four stops a row away."""
    for letter in "ABCDEF":
        asks(letter)
    at_the_queue.reload()
    top = at_the_queue.locator("#waiting").bounding_box()["y"]
    skip = at_the_queue.get_by_role("link", name="Skip the list")
    skip.focus()
    assert skip.bounding_box()["height"] >= 44
    assert at_the_queue.locator("#waiting").bounding_box()["y"] == top  # it lies over the list
    at_the_queue.keyboard.press("Enter")
    at_the_queue.keyboard.press("Tab")

    expect(at_the_queue.get_by_role("checkbox", name="Tick all on this page")).to_be_focused()


@pytest.mark.rule("J1", "Q1")
def test_the_tab_and_the_number_of_members_count_along(open_browser, ms_okafor, biology, is_in, amara, leo):
    page = open_browser(ms_okafor)
    page.goto(biology.path)
    tab = page.get_by_role("navigation", name="Biology 9B").get_by_role("link", name="Approval queue")
    members = page.get_by_role("heading", name="Members")
    expect(tab).to_have_text("Approval queue")
    expect(members).to_have_text("Members 2")
    ask_by_join_url(biology.join_url, by=amara)
    is_in(leo)
    the_page_asks_by_itself(page)

    expect(tab).to_have_text("Approval queue (1)")
    expect(members).to_have_text("Members 3")
    expect(page).to_have_title("(1) Biology 9B · Homeroom")


@pytest.mark.rule("J10")
def test_no_tab_moves_under_the_pointer(open_browser, ms_okafor, biology, amara):
    """The number makes the tab wider, so it waits until the pointer has left the tabs."""
    page = open_browser(ms_okafor)
    page.goto(biology.path)
    tabs = page.get_by_role("navigation", name="Biology 9B")
    history = tabs.get_by_role("link", name="History")
    history.hover()
    before = history.bounding_box()
    ask_by_join_url(biology.join_url, by=amara)
    the_page_asks_by_itself(page)
    expect(page).to_have_title("(1) Biology 9B · Homeroom")
    assert history.bounding_box() == before

    page.mouse.move(1, 1)
    expect(tabs).to_contain_text("Approval queue (1)")


@pytest.mark.rule("J6")
def test_a_pop_up_closed_before_its_script_has_come_stays_closed(open_browser, locked, amara):
    """On a slow line, the page and its button arrive before the script does."""
    page = open_browser(amara)
    page.goto("/join/")
    held = []
    page.route("**/js/homeroom*.js", lambda route: held.append(route))
    write(page, {"Code": locked.in_threes})
    page.get_by_role("button", name="Join").click(no_wait_after=True)
    close = page.get_by_role("button", name="Close", exact=True)
    close.wait_for()
    close.click(no_wait_after=True)
    expect(page.get_by_role("dialog")).to_be_hidden()
    for request in held:
        request.continue_()
    page.wait_for_load_state()

    expect(page.get_by_role("dialog")).to_be_hidden()


def test_the_title_keeps_a_class_name_that_begins_with_a_number(open_browser, ms_okafor, biology):
    biology.name = "(9) Biology"
    biology.save()
    page = open_browser(ms_okafor)
    page.goto(biology.path)
    expect(page).to_have_title("(9) Biology · Homeroom")


@pytest.mark.rule("Q3")
def test_a_press_that_comes_too_late_is_told_so_in_its_row(at_the_queue, asks, biology, mr_lind):
    ada = asks("Ada")
    at_the_queue.reload()
    queue.decide(biology, [ada.pk], "deny", by=mr_lind)
    press(at_the_queue, "Let in Ada Lee")

    sees(at_the_queue, "Jonas Lind said no to Ada Lee on", "Nobody is waiting.")
    expect(at_the_queue.locator("[data-decided]")).to_be_focused()


@pytest.mark.rule("Q4", "J10")
def test_who_cancels_is_offered_no_more_though_the_pointer_rests_in_the_list(at_the_queue, asks):
    """Nothing moves, and the row says why it has no buttons."""
    ada, ben = asks("Ada"), asks("Ben")
    at_the_queue.reload()
    row, other = [at_the_queue.locator(f"#request-{one.pk}") for one in (ada, ben)]
    other.get_by_role("button", name="Let in").hover()
    before = row.bounding_box(), other.bounding_box()
    ada.withdraw()
    the_page_asks_by_itself(at_the_queue)

    expect(row).to_have_text("Ada Lee isn't waiting any more.")
    assert (row.bounding_box(), other.bounding_box()) == before
    other.get_by_role("button", name="Let in").click()
    sees(at_the_queue, "Ben Lee is in.", "Nobody is waiting.")
    at_the_queue.mouse.move(1, 1)
    expect(row).to_have_text("Ada Lee isn't waiting any more.")
    assert row.bounding_box()["height"] < before[0]["height"]


@pytest.mark.rule("Q4", "J10")
def test_who_cancels_is_offered_no_more_though_their_row_has_the_focus(at_the_queue, asks):
    """The focus stays there, so the next Tab leads to the next row."""
    ada, ben, _ = asks("Ada"), asks("Ben"), asks("Cleo")
    at_the_queue.reload()
    row = at_the_queue.locator(f"#request-{ben.pk}")
    focus(row.get_by_role("button", name="Block"))
    ada.withdraw(), ben.withdraw()
    the_page_asks_by_itself(at_the_queue)

    expect(row).to_have_text("Ben Lee isn't waiting any more.")
    expect(row).to_be_focused()
    expect(at_the_queue.locator(f"#request-{ada.pk}")).to_have_count(0)
    at_the_queue.keyboard.press("Tab")
    expect(at_the_queue.get_by_label("Tick Cleo Lee")).to_be_focused()


@pytest.mark.parametrize("size", [(360, 740), (1280, 900)], ids=["phone", "desk"])
def test_say_no_stands_apart_from_let_in(open_browser, ms_okafor, biology, leo, size):
    ask_by_join_url(biology.join_url, leo)
    page = open_browser(ms_okafor, viewport={"width": size[0], "height": size[1]})
    page.goto(f"{biology.path}requests/")
    let_in, say_no = (
        page.get_by_role("button", name=f"{act} Leo Park").bounding_box() for act in ("Let in", "Say no to")
    )

    assert say_no["x"] - (let_in["x"] + let_in["width"]) >= 16


@pytest.mark.rule("Q1")
def test_an_open_queue_counts_the_minutes(open_browser, biology, ms_okafor, asks):
    asked = asks("Ada")
    page = open_browser(ms_okafor)
    page.clock.install()
    page.goto(f"{biology.path}requests/")
    row = page.locator(f"#request-{asked.pk}")
    expect(row).to_contain_text("just now")
    JoinRequest.objects.filter(pk=asked.pk).update(asked_at=asked.asked_at - timedelta(minutes=5))
    page.clock.fast_forward("01:00")

    expect(row).to_contain_text(re.compile(r"5\sminutes ago"))


@pytest.mark.rule("Q9")
def test_cancelled_the_question_about_several_people_leaves_them_ticked_until_the_page_is_loaded_again(
    at_the_queue, asks
):
    for name in ("Ada", "Ben", "Cem"):
        asks(name)
    at_the_queue.reload()
    for name in ("Ada", "Cem"):
        at_the_queue.get_by_label(f"Tick {name} Lee").check()
    press(at_the_queue, "Say no to ticked")
    sees(at_the_queue, "Say no to 2 people?")
    at_the_queue.wait_for_timeout(AFTER_TWO_SECONDS)
    at_the_queue.get_by_role("link", name="Cancel").click()

    sees(at_the_queue, "3 waiting.")
    boxes = at_the_queue.locator("[name=request][type=checkbox]")
    assert [box.is_checked() for box in boxes.all()] == [True, False, True]
    assert "request=" not in at_the_queue.url


@pytest.mark.rule("C4")
def test_an_open_queue_has_no_buttons_while_its_class_is_archived(at_the_queue, asks, biology, ms_okafor):
    asks("Ada")
    let_in = at_the_queue.get_by_role("button", name="Let in Ada Lee")
    expect(let_in).to_be_visible()
    biology.archive(by=ms_okafor)
    sees(at_the_queue, "This class is archived.", "Ada Lee")
    expect(let_in).to_have_count(0)

    biology.restore(by=ms_okafor)
    expect(let_in).to_be_visible()
    expect(at_the_queue.get_by_text("This class is archived.")).to_have_count(0)


@pytest.mark.rule("C4")
def test_the_focus_is_on_what_says_that_the_class_was_archived_meanwhile(
    at_the_queue, asks, biology, ms_okafor
):
    """The page is loaded anew, without the button that had the focus."""
    asks("Ada")
    let_in = at_the_queue.get_by_role("button", name="Let in Ada Lee")
    focus(let_in)
    biology.archive(by=ms_okafor)
    let_in.press("Enter")

    expect(at_the_queue.locator("[data-archived].panel")).to_be_focused()
    is_refused(at_the_queue, "This class is archived. Restore it first.")


@pytest.mark.rule("C4")
def test_an_open_page_of_today_has_no_buttons_while_its_class_is_archived(
    open_browser, is_in, amara, biology, ms_okafor
):
    is_in(amara)
    page = open_browser(ms_okafor)
    page.goto(f"{biology.path}today/")
    move = page.get_by_role("button", name="Move to the queue Amara Toure")
    expect(move).to_be_visible()
    biology.archive(by=ms_okafor)
    sees(page, "This class is archived.", "Amara Toure")
    expect(move).to_have_count(0)
