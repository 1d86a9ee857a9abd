"""On "Recent decisions" a row answers a press in its own place, and nothing else comes under the pointer."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from classroom.models import Event
from joins.acts import undo
from joins.acts.queue import decide
from joins.models import JoinRequest
from tests.browser.hands import sees
from tests.browser.test_double_presses_in_the_queue import waiting

pytestmark = [pytest.mark.browser, pytest.mark.rule("Q9", "J10")]

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["", "without scripts"])
WIDTH = pytest.mark.parametrize("width", [360, 1280])
NAMES = ["Ada", "Ben", "Cleo", "Dan", "Eva"]


@pytest.fixture
def decide_each(biology, asks, ms_okafor):
    """decide_each("deny") -> five requests, each decided by a press of its own, the newest decision first."""

    def decided(decision, ago=timedelta()):
        asked = [asks(name) for name in NAMES]
        for one in asked:
            decide(biology, [one.pk], decision, by=ms_okafor)
        for n, one in enumerate(asked):
            at = timezone.now() - ago + timedelta(milliseconds=n)
            JoinRequest.objects.filter(pk=one.pk).update(decided_at=at)
        return asked[::-1]

    return decided


@pytest.fixture
def open_decided(open_browser, ms_okafor, biology):
    def opened(width=1280, scripts=True, height=1000):
        viewport = {"width": width, "height": height}
        page = open_browser(ms_okafor, viewport=viewport, java_script_enabled=scripts)
        page.goto(f"{biology.path}requests/decided/")
        return page

    return opened


def row(page, join_request):
    return page.locator(f"[data-decided='{join_request.pk}']")


def press_and_stay(page, button):
    """Press, and return where: the hand rests there."""
    expect(button).to_be_enabled()
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    at = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.click(*at)
    return at


def what_acts_at(page, at):
    """What a press there would do, however late it comes: the words of the button, or None."""
    return page.evaluate(
        """([x, y]) => document.elementFromPoint(x, y)?.closest("button, a, summary, input")?.innerText ?? null""",
        at,
    )


def places(page, join_requests):
    return [row(page, one).bounding_box() for one in join_requests]


@SCRIPTS
@WIDTH
@pytest.mark.parametrize("decision", ["approve", "deny"])
def test_undo_marks_the_row_where_it_is(decide_each, open_decided, decision, width, scripts):
    """A second press, however late, undid the decision about the next person, who had come up."""
    first, pressed, *others = decide_each(decision)
    page = open_decided(width, scripts)
    before = places(page, [first, pressed])
    at = press_and_stay(page, row(page, pressed).get_by_role("button", name="Undo"))
    expect(row(page, pressed)).to_contain_text("is waiting again")
    sees(page, f"{pressed.name} is waiting again.")

    assert what_acts_at(page, at) is None
    assert places(page, [first, pressed])[0] == before[0]
    assert row(page, pressed).bounding_box()["y"] == before[1]["y"]
    expect(row(page, pressed).get_by_role("button")).to_have_count(0)
    expect(page.get_by_role("button", name="Undo")).to_have_count(4)
    assert waiting() == {pressed.name}


@WIDTH
def test_all_other_rows_keep_their_places(decide_each, open_decided, width):
    *others, _ = everybody = decide_each("deny")
    for one in everybody:  # with it, "said no" fits on a line of a phone, and "let them in" doesn't
        User.objects.filter(pk=one.user_id).update(username=f"student{one.pk:05}")
    page = open_decided(width)
    before = places(page, everybody)
    for one, act in zip(others, ["Undo", "Let in after all"] * 2, strict=True):
        press_and_stay(page, row(page, one).get_by_role("button", name=act))
        expect(row(page, one)).to_contain_text("is waiting again" if act == "Undo" else "let them in")
        assert places(page, everybody) == before


@SCRIPTS
@WIDTH
@pytest.mark.parametrize("decision", ["deny", "keep-out"])
@pytest.mark.parametrize("ago", [0, 60], ids=["just now", "an hour ago"])
def test_let_in_after_all_marks_the_row_where_it_is(decide_each, open_decided, decision, ago, width, scripts):
    """It went to the top, and the row above came under the pointer. "Undo" stands where nothing was, once."""
    first, pressed, *others = decide_each(decision, ago=timedelta(minutes=ago))
    page = open_decided(width, scripts)
    before = places(page, [first, pressed])
    let_in = "Unblock and let in" if decision == "keep-out" else "Let in after all"
    at = press_and_stay(page, row(page, pressed).get_by_role("button", name=let_in))
    expect(row(page, pressed)).to_contain_text("let them in")
    sees(page, f"{pressed.name} is in.")

    assert what_acts_at(page, at) is None
    assert [box["y"] for box in places(page, [first, pressed])] == [box["y"] for box in before]
    undo = page.locator(f"[data-undo='{pressed.pk}'] button")
    expect(undo).to_have_count(1)
    expect(row(page, pressed).get_by_role("button", name="Undo")).to_be_enabled()
    assert JoinRequest.objects.filter(status="denied").count() == 4

    undo.click()
    expect(row(page, pressed)).to_contain_text("is waiting again")
    assert waiting() == {pressed.name}


@SCRIPTS
def test_undo_all_marks_its_line_where_it_is(decide_each, open_decided, asks, biology, ms_okafor, scripts):
    others = decide_each("approve")
    together = [asks(name) for name in ("Finn", "Gus")]
    decide(biology, [one.pk for one in together], "deny", by=ms_okafor)
    page = open_decided(scripts=scripts)
    before = places(page, others)
    at = press_and_stay(page, page.get_by_role("button", name="Undo all"))
    line = page.locator(".press")
    expect(line).to_contain_text("are waiting again")
    sees(page, "2 people are waiting again: Finn Lee, Gus Lee.")

    assert what_acts_at(page, at) is None
    assert line.bounding_box()["y"] < before[0]["y"]
    if scripts:
        assert places(page, others) == before
    assert waiting() == {"Finn Lee", "Gus Lee"}


@SCRIPTS
def test_one_of_several_is_undone_in_its_row(decide_each, open_decided, asks, biology, ms_okafor, scripts):
    """Their line stays open, and its button undoes the others."""
    decide_each("approve")
    together = [asks(name) for name in ("Finn", "Gus", "Hal")]
    decide(biology, [one.pk for one in together], "deny", by=ms_okafor)
    page = open_decided(scripts=scripts)
    page.get_by_text("One by one").click()
    before = places(page, together)
    at = press_and_stay(page, row(page, together[1]).get_by_role("button", name="Undo"))
    expect(row(page, together[1])).to_contain_text("is waiting again")

    assert what_acts_at(page, at) is None
    assert places(page, together) == before
    page.get_by_role("button", name="Undo all").click()
    expect(page.locator(".press")).to_contain_text("are waiting again")
    assert waiting() == {one.name for one in together}


def test_by_keyboard_the_focus_stays_in_the_row(decide_each, open_decided):
    """A second Enter does nothing: on the next row's button it would undo the decision about somebody else."""
    pressed, *others = decide_each("deny")
    page = open_decided()
    undo = row(page, pressed).get_by_role("button", name="Undo")
    expect(undo).to_be_enabled()
    undo.focus()
    page.keyboard.press("Enter")

    expect(row(page, pressed)).to_contain_text("is waiting again")
    expect(row(page, pressed)).to_be_focused()
    page.keyboard.press("Tab")
    expect(row(page, others[0]).get_by_role("button", name="Undo")).to_be_focused()


def test_a_row_that_is_far_down_stays_in_sight(decide_each, open_decided):
    """The page stands where it stood."""
    *_, pressed = decide_each("deny")
    page = open_decided(height=420)
    button = row(page, pressed).get_by_role("button", name="Undo")
    expect(button).to_be_enabled()
    button.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    assert before > 100
    button.click()

    expect(row(page, pressed)).to_contain_text("is waiting again")
    assert page.evaluate("scrollY") == before


def test_without_scripts_the_page_comes_back_at_the_row(decide_each, open_decided):
    *_, pressed = decide_each("deny")
    page = open_decided(height=420, scripts=False)
    row(page, pressed).get_by_role("button", name="Undo").click()

    sees(page, f"{pressed.name} is waiting again.")
    expect(row(page, pressed)).to_be_in_viewport(ratio=1)


def test_a_refused_press_moves_nothing(decide_each, open_decided, mr_lind):
    pressed, *_ = everybody = decide_each("deny")
    page = open_decided()
    before = places(page, everybody)
    undo.undo(pressed, by=mr_lind)
    press_and_stay(page, row(page, pressed).get_by_role("button", name="Undo"))

    sees(page, "Jonas Lind undid saying no to")
    assert places(page, everybody) == before
    assert Event.objects.filter(kind="undo_denial").count() == 1


@SCRIPTS
@pytest.mark.parametrize("gap", [500, 1200])
@pytest.mark.parametrize(("act", "how_many"), [("Undo", 1), ("Undo all", 2)])
def test_a_second_press_decides_about_nobody(
    open_decided, biology, asks, ms_okafor, scripts, act, how_many, gap
):
    """The page stays. The queue has "Block" of the first who waits where "Undo" was, and the hand may have moved."""
    asked = [asks(name) for name in NAMES]
    decide(biology, [one.pk for one in asked[:how_many]], "approve", by=ms_okafor)
    page = open_decided(scripts=scripts)
    x, y = press_and_stay(page, page.get_by_role("button", name=act).first)
    page.wait_for_timeout(gap)
    page.mouse.move(x + 12, y + 2, steps=2)
    page.mouse.click(x + 12, y + 2)

    sees(
        page,
        "2 people are waiting again: Ada Lee, Ben Lee." if how_many == 2 else "Ada Lee is waiting again.",
    )
    sees(page, "Recent decisions")
    assert waiting() == {one.name for one in asked}
    assert not biology.kept_out.exists()
