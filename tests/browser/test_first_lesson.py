"""The teacher's first lesson: an account, a class, and what Code and Join URL can do."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from joins.addresses import as_typed
from tests.browser.hands import code_on, follow, is_at, press, sees, sees_the_code, write

pytestmark = pytest.mark.browser


@pytest.fixture
def at_the_door(open_browser, ms_okafor, biology):
    """Ms Okafor has the page of Biology 9B open."""
    page = open_browser(ms_okafor, permissions=["clipboard-read", "clipboard-write"])
    page.goto(biology.path)
    return page


@pytest.mark.rule("C1")
def test_code_and_join_url_stand_in_the_middle_above_the_members(at_the_door):
    """ "Both are located in the top central panel of the Class/Group"."""
    page = at_the_door
    sees_the_code(page, "unlocked")
    door = page.get_by_role("region", name="The door of this class")
    expect(door.locator("[data-join-url]")).to_have_attribute("data-join-url", re.compile(r"/j/[\w-]{22}/$"))
    place, members = door.bounding_box(), page.get_by_role("heading", name="Members").bounding_box()
    assert place["y"] < members["y"]
    assert abs(place["x"] + place["width"] / 2 - page.viewport_size["width"] / 2) < 20


def test_a_group_has_the_same_door_as_a_class(open_browser, ms_okafor):
    page = open_browser(ms_okafor)
    page.goto("/classes/new/")
    write(page, {"Name": "Chess club"})
    page.get_by_label("Group").check()
    press(page, "Create it")

    sees(page, "Private: for your group only", "Public: post it anywhere")
    sees_the_code(page, "unlocked")


def test_one_press_copies_the_code_and_one_the_join_url(at_the_door, biology):
    clipboard = "navigator.clipboard.readText()"
    copy_code, copy_url = at_the_door.get_by_role("button", name="Copy").all()

    copy_code.click()
    sees(at_the_door, "Copied")
    assert at_the_door.evaluate(clipboard) == code_on(at_the_door)

    copy_url.click()
    expect(at_the_door.get_by_text("Copied")).to_have_count(2)
    assert at_the_door.evaluate(clipboard) == biology.join_url.address


@pytest.mark.rule("K7", "K8")
def test_lock_and_unlock_keep_the_code_and_reset_makes_a_new_one(at_the_door):
    """ "you can easily unlock the Code at any time. You can also reset, or generate a new Code"."""
    first = code_on(at_the_door)
    press(at_the_door, "Lock now")
    sees_the_code(at_the_door, "locked")
    sees(at_the_door, "Ngozi Okafor locked it")

    press(at_the_door, "Unlock for two more weeks")
    sees_the_code(at_the_door, "unlocked")
    assert code_on(at_the_door) == first

    at_the_door.get_by_text("More about the Code").click()
    follow(at_the_door, "Reset…")
    sees(at_the_door, "will never work again", "The Join URL stays the same")
    press(at_the_door, "Reset the Code")
    sees(at_the_door, "The Code is reset")
    assert code_on(at_the_door) != first


@pytest.mark.rule("K7")
def test_the_teacher_chooses_the_end_of_the_lesson_or_a_day(at_the_door):
    """An earlier time to lock, shown to the minute."""
    at_the_door.get_by_text("More about the Code").click()
    press(at_the_door, "End of the lesson")
    sees(at_the_door, re.compile(r"in 4[45]\s+minutes"))

    friday = timezone.localtime() + timedelta(days=4)
    at_the_door.get_by_text("More about the Code").click()
    at_the_door.get_by_label("Lock it on").fill(friday.strftime("%Y-%m-%dT14:30"))
    press(at_the_door, "Choose")
    sees(at_the_door, f"The Code locks on {friday:%A} {friday.day} {friday:%B}, 14:30")


def test_the_handout_shows_code_and_join_url_each_with_a_square_to_point_a_camera_at(at_the_door, biology):
    code = code_on(at_the_door)
    follow(at_the_door, "Print a handout")

    is_at(at_the_door, f"{biology.path}handout/")
    assert code_on(at_the_door) == code
    sees(at_the_door, as_typed(biology.join_url.address), "Please keep the Code within the class")
    for square in at_the_door.get_by_role("img", name="QR code").all():
        assert square.evaluate("square => square.naturalWidth") > 100
