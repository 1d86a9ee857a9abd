"""A manager undoes a decision where it was made: the row changes in its place, and the page stays where it is."""

import re

import pytest
from playwright.sync_api import expect

from classroom.models import Event
from joins.acts import undo
from tests.browser.hands import focus, hold_the_first, let_go, sees, until
from tests.browser.test_double_presses_in_the_queue import row, waiting

pytestmark = [pytest.mark.browser, pytest.mark.rule("Q9")]


@pytest.fixture
def open_queue(open_browser, ms_okafor, biology):
    def opened(width=1280, **more):
        page = open_browser(ms_okafor, viewport={"width": width, "height": 800}, **more)
        page.goto(f"{biology.path}requests/")
        return page

    return opened


@pytest.mark.parametrize("width", [360, 1280])
def test_what_one_press_did_to_several_is_undone_by_one(open_queue, asks, width):
    """The message comes at the foot of the screen, also on a phone, and can be closed."""
    ada, ben, _ = asks("Ada"), asks("Ben"), asks("Cleo")
    page = open_queue(width)
    for one in (ada, ben):
        row(page, one).get_by_role("checkbox").check()
    let_in = page.locator("#approve-ticked")
    expect(let_in).to_be_enabled()
    let_in.click()
    message = page.locator(".flash__message")
    expect(message).to_contain_text("Let in 2 people: Ada Lee, Ben Lee.")
    expect(message).to_be_in_viewport(ratio=1)
    assert message.bounding_box()["height"] < 100
    undo_all = page.get_by_role("button", name="Undo all")
    expect(undo_all).to_be_enabled()
    assert waiting() == {"Cleo Lee"}
    page.get_by_role("button", name="Close this message").click()
    expect(message).to_have_count(0)

    page.get_by_role("link", name="Recent decisions").click()

    undo_all.dblclick()
    expect(page.locator("#flash")).to_contain_text("2 people are waiting again: Ada Lee, Ben Lee.")
    assert waiting() == {"Ada Lee", "Ben Lee", "Cleo Lee"}
    assert Event.objects.filter(kind=Event.Kind.UNDO_APPROVAL).count() == 2


@pytest.mark.rule("J10")
@pytest.mark.parametrize("options", [{}, {"has_touch": True}], ids=["mouse", "finger"])
def test_undo_all_stays_where_it_is_while_a_hand_is_on_its_way(open_queue, asks, options):
    """The decided rows get low only when the message has gone: on a shorter page it would be higher up."""
    asked = [asks(f"Ada{n}") for n in range(12)]
    page = open_queue(**options)
    let_in = page.get_by_role("button", name="Let in all 12 on this page")
    expect(let_in).to_be_enabled()
    let_in.tap() if options else let_in.click()
    undo_all = page.get_by_role("button", name="Undo all")
    expect(undo_all).to_be_visible()
    page.wait_for_timeout(2500)
    before = undo_all.bounding_box()
    x, y = before["x"] + before["width"] / 2, before["y"] + before["height"] / 2
    if not options:
        page.mouse.move(x, y, steps=12)
    page.wait_for_timeout(500)
    assert undo_all.bounding_box() == before

    page.get_by_role("button", name="Close this message").click()
    page.mouse.move(5, 5)
    expect(page.locator(".request--decided[style]")).to_have_count(0)
    assert row(page, asked[0]).bounding_box()["height"] < 50


@pytest.mark.rule("J10")
def test_undo_all_under_a_hand_that_rests_takes_no_press_for_three_seconds(open_queue, asks):
    """Its message comes at the foot, where "Let in ticked" was. A slow second press undid what the first had done."""
    ada, ben, _ = asks("Ada"), asks("Ben"), asks("Cleo")
    page = open_queue()
    style = "[data-undo-all] button { position: fixed; inset: 0; z-index: 9 }"
    page.evaluate(
        """(style) => {
          const made = new CSSStyleSheet()
          made.replaceSync(style)
          document.adoptedStyleSheets.push(made)
        }""",
        style,
    )
    for one in (ada, ben):
        row(page, one).get_by_role("checkbox").check()
    page.get_by_role("button", name="Let in ticked").click()
    expect(page.get_by_role("button", name="Undo all")).to_be_visible()
    page.wait_for_timeout(2300)
    page.mouse.down()
    page.mouse.up()
    page.wait_for_timeout(500)
    assert waiting() == {"Cleo Lee"}

    page.mouse.move(5, 5)
    page.mouse.down()
    page.mouse.up()
    sees(page, "2 people are waiting again: Ada Lee, Ben Lee.")


@pytest.mark.parametrize("act", ["Let in", "Say no", "Block"])
def test_the_row_says_what_was_done_and_undo_brings_it_back(open_queue, asks, biology, act):
    ada, ben = asks("Ada"), asks("Ben")
    page = open_queue()
    row(page, ada).get_by_role("button", name=act).click()
    undo = row(page, ada).get_by_role("button", name="Undo")
    expect(undo).to_be_enabled()
    assert waiting() == {"Ben Lee"}
    expect(page.locator("[data-waiting]")).to_have_attribute("data-waiting", "1")

    undo.click()
    expect(row(page, ada).get_by_role("button", name="Let in")).to_be_visible()
    sees(page, "2 waiting. Oldest first.")
    expect(page.locator("[data-waiting]")).to_have_attribute("data-waiting", "2")
    expect(page.locator("#flash")).to_contain_text("Ada Lee is waiting again.")
    assert waiting() == {"Ada Lee", "Ben Lee"}
    assert biology.memberships.filter(role="member").count() == biology.kept_out.count() == 0

    row(page, ada).get_by_role("button", name="Let in").click()
    expect(row(page, ada)).to_contain_text("Ada Lee is in.")
    expect(row(page, ben).get_by_role("button", name="Let in")).to_be_visible()


@pytest.mark.rule("J10")
@pytest.mark.parametrize("name", ["Ada", "Maria Aparecida Conceição Francisca Antônia Benedita"])
@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("act", ["Let in", "Say no", "Block"])
def test_undo_stands_where_no_button_was_and_takes_no_press_in_its_first_second(
    open_queue, asks, width, act, name
):
    ada = asks(name)
    asks("Ben")
    page = open_queue(width)
    buttons = [each.bounding_box() for each in row(page, ada).get_by_role("button").all()]
    row(page, ada).get_by_role("button", name=act).click()
    undo = row(page, ada).get_by_role("button", name="Undo")
    expect(undo).to_be_disabled()

    here = undo.bounding_box()
    assert not any(overlap(here, box) for box in buttons)
    expect(undo).to_be_enabled(timeout=3000)


def overlap(one, other):
    return all(
        one[side] < other[side] + other[size] and other[side] < one[side] + one[size]
        for side, size in (("x", "width"), ("y", "height"))
    )


@pytest.mark.rule("J10")
def test_the_page_stays_where_it_is(open_queue, asks):
    """Row 31 of 40: one press, and the page used to stand at the top."""
    requests = [asks(f"Ada{n}") for n in range(40)]
    page = open_queue()
    button = row(page, requests[30]).get_by_role("button", name="Say no")
    button.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    assert before > 500
    focus(button)
    page.keyboard.press("Enter")

    expect(row(page, requests[30])).to_contain_text("Said no to Ada30 Lee.")
    expect(row(page, requests[31]).get_by_role("button", name="Say no")).to_be_focused()
    assert page.evaluate("scrollY") == before


def test_undo_by_keyboard_leaves_the_focus_in_its_row(open_queue, asks):
    ada = asks("Ada")
    asks("Ben")
    page = open_queue()
    row(page, ada).get_by_role("button", name="Say no").click()
    undo = row(page, ada).get_by_role("button", name="Undo")
    expect(undo).to_be_enabled()
    undo.focus()
    page.keyboard.press("Enter")

    expect(row(page, ada).get_by_role("button", name="Let in")).to_be_focused()


def test_without_scripts_the_line_above_has_the_button(open_queue, asks):
    ada = asks("Ada")
    asks("Ben")
    page = open_queue(java_script_enabled=False)
    row(page, ada).get_by_role("button", name="Say no").click()
    sees(page, "Said no to Ada Lee.")
    assert waiting() == {"Ben Lee"}

    page.locator(f"[data-undo='{ada.pk}'] button").click()
    sees(page, "Ada Lee is waiting again.")
    assert waiting() == {"Ada Lee", "Ben Lee"}


@pytest.mark.parametrize("by", ["ms_okafor", "mr_lind"])
def test_a_row_decided_here_waits_again_if_it_is_undone_elsewhere(request, open_queue, asks, by):
    """In another window or by another manager: the row must not say that Ada is in while she waits."""
    ada, ben = asks("Ada"), asks("Ben")
    page = open_queue()
    row(page, ada).get_by_role("button", name="Let in").click()
    expect(row(page, ada)).to_contain_text("Ada Lee is in.")
    page.mouse.move(2, 2)
    page.evaluate("document.activeElement.blur()")

    undo.undo(ada, by=request.getfixturevalue(by))

    expect(row(page, ada).get_by_role("button", name="Let in")).to_be_visible()
    row(page, ada).get_by_role("button", name="Let in").click()
    expect(row(page, ada)).to_contain_text("Ada Lee is in.")
    assert waiting() == {ben.name}


@pytest.mark.fault("F33")
def test_a_list_from_before_a_press_brings_no_decided_row_back(open_queue, asks):
    """Ben asks; the page asks for the list; it is answered, slowly; meanwhile Ada is let in."""
    ada = asks("Ada")
    asks("Cleo")  # the focus goes to this row
    page = open_queue()
    held = hold_the_first(page, re.compile(r"/requests/\?"))
    ben = asks("Ben")
    until(page, lambda: held)
    page.route("**/waiting/**", lambda route: route.fulfill(status=204))  # so that no newer list comes first
    focus(row(page, ada).get_by_role("button", name="Let in"))
    page.keyboard.press("Enter")
    expect(row(page, ada)).to_contain_text("Ada Lee is in.")

    let_go(held)

    page.wait_for_timeout(300)
    expect(row(page, ada)).to_contain_text("Ada Lee is in.")
    page.mouse.move(2, 2)
    page.evaluate("document.activeElement.blur()")
    expect(row(page, ben).get_by_role("button", name="Let in")).to_be_visible()


@pytest.mark.rule("J10")
def test_on_a_phone_a_decided_row_is_low_once_the_finger_has_gone(open_queue, asks):
    """Until then it keeps its height, so that the next finger finds what it aims at."""
    ada, ben = asks("Ada"), asks("Ben")
    page = open_queue(360, has_touch=True, is_mobile=True)
    before = row(page, ben).bounding_box()
    row(page, ada).get_by_role("button", name="Let in").tap()
    expect(row(page, ada)).to_contain_text("Ada Lee is in.")
    page.wait_for_timeout(300)
    assert row(page, ben).bounding_box()["y"] == before["y"]

    page.wait_for_timeout(1500)
    assert row(page, ada).bounding_box()["height"] < 50
    assert row(page, ben).bounding_box()["y"] < before["y"] - 80
