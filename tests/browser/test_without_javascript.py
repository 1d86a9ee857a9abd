"""Without JavaScript everything works, a page at a time."""

import pytest
from playwright.sync_api import expect

from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from joins.models import JoinCode, JoinRequest
from tests.browser.hands import (
    code_on,
    follow,
    press,
    press_twice,
    sees,
    sees_the_code,
    sees_the_pop_up,
    write,
)
from tests.factories import PASSWORD, StudentFactory

pytestmark = pytest.mark.browser


@pytest.fixture
def open_plain(open_browser):
    return lambda user=None: open_browser(user, java_script_enabled=False)


def press_later(page, name):
    """An act on a Code, a Join URL or a person, which a page takes two seconds after what led to it."""
    page.wait_for_timeout(2_000)
    press(page, name)


def test_the_teachers_first_lesson(open_plain, db):
    page = open_plain()
    page.goto("/accounts/signup/teacher/")
    name = {"First name": "Ngozi", "Last name": "Okafor"}
    write(page, name | {"Email": "okafor@school.example", "Password": PASSWORD})
    press(page, "Create my account")
    follow(page, "New class or group")
    write(page, {"Name": "Biology 9B"})
    press(page, "Create it")

    first = code_on(page)
    press_later(page, "Lock now")
    sees_the_code(page, "locked")
    press_later(page, "Unlock for two more weeks")
    sees_the_code(page, "unlocked")
    page.get_by_text("More about the Code").click()
    press_later(page, "End of the lesson")
    sees(page, "The Code locks on")
    page.get_by_text("More about the Code").click()
    follow(page, "Reset…")
    press_later(page, "Reset the Code")
    assert code_on(page) != first


@pytest.mark.rule("J10")
def test_going_back_ticks_nobody_who_stands_where_another_was_ticked(
    open_plain, biology, amara, leo, ms_okafor
):
    """A browser restores ticks by their place in the list, and the list has moved up meanwhile."""
    for student in (amara, leo):
        ask_by_join_url(biology.join_url, by=student)
    page = open_plain(ms_okafor)
    page.goto(f"{biology.path}requests/")
    page.get_by_label("Tick Amara Toure").check()
    press(page, "Say no to ticked")
    sees(page, "Said no to Amara Toure.")

    page.go_back()

    sees(page, "Leo Park")
    expect(page.locator(":checked")).to_have_count(0)


@pytest.mark.threat("T30", "T33")
def test_the_join_url_pauses_who_came_is_moved_to_queue_and_a_leak_is_ended(
    open_plain, biology, amara, leo, ms_okafor
):
    code = JoinCode.objects.get_current(biology).code
    for student in (amara, leo):
        use_code(code, by=student)
    page = open_plain(ms_okafor)
    page.goto(biology.path)
    press_later(page, "Pause the Join URL")
    press_later(page, "Resume the Join URL")
    sees(page, "The Join URL works again.")
    follow(page, "Joined today")
    press_later(page, "Move to the queue Amara Toure")
    sees(page, "Amara Toure is now waiting in the approval queue")
    follow(page, "The Code has leaked…")
    sees(page, "Nobody stays · 1 goes to the queue")
    page.get_by_role("radio", name="Let me pick").check()
    press_later(page, "Count")
    sees(page, "1 stays · nobody goes to the queue")
    page.get_by_role("checkbox", name="Leo Park").check()
    press_later(page, "Reset the Code")
    sees(page, "Nobody stays · 1 goes to the queue")
    press_later(page, "Reset the Code")
    sees(page, "Moved to the queue: 1. Still in the class: nobody.", "2 waiting.")


def test_asking_withdrawing_asking_again_and_being_let_in(open_plain, biology, amara, ms_okafor):
    student, teacher = open_plain(amara), open_plain(ms_okafor)
    student.goto(biology.join_url.path)
    press(student, "Ask to join")
    sees_the_pop_up(student, "Biology 9B")
    student.locator("summary", has_text="Cancel my request").click()
    press(student, "Yes, cancel my request")
    expect(student.locator("[data-pending]")).to_have_count(0)
    student.goto(biology.join_url.path)
    press(student, "Ask to join")

    teacher.goto(biology.path)
    teacher.get_by_role("main").get_by_role("link", name="1 waiting").click()
    teacher.get_by_label("Tick Amara Toure").check()
    press_later(teacher, "Let in ticked")
    sees(teacher, "Amara Toure is in.")

    student.goto("/")
    follow(student, "Biology 9B")
    sees(student, "Ngozi Okafor")


@pytest.mark.rule("J10")
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_stands_where_log_out_was(open_plain, ms_okafor, width):
    """The second press of a double click hits nothing."""
    page = open_plain(ms_okafor)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/")
    if width == 360:
        page.get_by_role("button", name="Menu").click()
    log_out = page.get_by_role("navigation").get_by_role("button", name="Log out")
    box = log_out.bounding_box()
    log_out.click()

    sees(page, "You've logged out.")
    for link in page.locator("a, button").filter(visible=True).all():
        other = link.bounding_box()
        is_beside = other["x"] >= box["x"] + box["width"] or other["x"] + other["width"] <= box["x"]
        is_above_or_below = other["y"] >= box["y"] + box["height"] or other["y"] + other["height"] <= box["y"]
        assert is_beside or is_above_or_below, link.inner_text()


def waits_for_what_follows(page):
    page.wait_for_timeout(700)
    page.wait_for_load_state()


@pytest.mark.rule("J10")
@pytest.mark.parametrize("gap", [300, 900, 1500])
@pytest.mark.parametrize("name", ["Let in", "Say no", "Block"])
def test_a_second_press_decides_nobody_who_has_moved_up(
    open_plain, biology, amara, leo, ms_okafor, name, gap
):
    for student in (amara, leo, StudentFactory(), StudentFactory()):
        ask_by_join_url(biology.join_url, by=student)
    page = open_plain(ms_okafor)
    page.goto(f"{biology.path}requests/")

    press_twice(page, page.get_by_role("button", name=name).first, gap)
    waits_for_what_follows(page)

    assert JoinRequest.objects.pending().count() == 3


@pytest.mark.rule("J10")
@pytest.mark.parametrize("gap", [300, 900, 1500])
def test_a_second_press_unblocks_nobody_who_has_moved_up(open_plain, biology, ms_okafor, gap):
    for student in StudentFactory.create_batch(4):
        use_code(JoinCode.objects.get_current(biology).code, by=student)
        biology.member(student.username).remove(by=ms_okafor, keep_out=True)
    page = open_plain(ms_okafor)
    page.goto(f"{biology.path}kept-out/")
    press(page, page.get_by_role("button", name="Unblock").first.inner_text())
    page.wait_for_timeout(2_100)

    press_twice(page, page.get_by_role("button", name="Unblock").first, gap)
    waits_for_what_follows(page)

    assert biology.kept_out.count() == 2
