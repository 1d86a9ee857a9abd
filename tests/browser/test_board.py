"""The board on a projector: how large the letters are, and what changes on it by itself (W1)."""

import pytest
from playwright.sync_api import expect

from joins.acts.by_code import use_code
from tests.browser.eyes import is_faultless
from tests.browser.hands import (
    code_on,
    follow,
    hold_the_first,
    is_at,
    let_go,
    press,
    sees,
    sees_the_code,
    until,
)
from tests.factories import ClassroomFactory

pytestmark = [pytest.mark.browser, pytest.mark.rule("W1")]

# The height of a capital H in the font of the first tile, as the browser draws it.
CAP_HEIGHT = """tile => {
  const style = getComputedStyle(tile)
  const paper = document.createElement("canvas").getContext("2d")
  paper.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`
  return paper.measureText("H").actualBoundingBoxAscent
}"""
SIDEWAYS = "document.documentElement.scrollWidth - innerWidth"
DOWNWARDS = "document.documentElement.scrollHeight - innerHeight"


@pytest.fixture
def board(open_browser, ms_okafor, biology):
    """Ms Okafor has the board of Biology 9B open."""
    page = open_browser(ms_okafor, viewport={"width": 1280, "height": 720})
    page.goto(biology.path)
    follow(page, "Show on the board")
    is_at(page, f"{biology.path}board/")
    page.wait_for_load_state()  # with its script, which listens to keys
    return page


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1366, 768), (1920, 1080)])
def test_a_letter_is_a_tenth_as_high_as_the_screen_and_all_is_seen_at_once(board, width, height):
    board.set_viewport_size({"width": width, "height": height})

    assert board.locator(".tile").first.evaluate(CAP_HEIGHT) >= height / 10
    assert (board.evaluate(SIDEWAYS), board.evaluate(DOWNWARDS)) == (0, 0)
    tiles = board.locator(".tile").evaluate_all(
        "tiles => tiles.map(tile => Math.round(tile.getBoundingClientRect().x))"
    )
    assert tiles[:3] == tiles[3:6] == tiles[6:]
    qr = board.get_by_role("img", name="QR code").bounding_box()
    assert qr["width"] == qr["height"] == pytest.approx(min(width * 0.38, height * 0.66), abs=1)
    assert qr["x"] > width * 0.58


@pytest.mark.parametrize(("width", "height"), [(320, 640), (360, 740), (768, 1024)])
def test_on_other_screens_tiles_qr_code_and_foot_follow_each_other(board, width, height):
    board.set_viewport_size({"width": width, "height": height})

    tiles, qr, foot = (board.locator(part).bounding_box() for part in (".tiles", ".qr", ".board__foot"))
    assert board.evaluate(SIDEWAYS) == 0
    assert tiles["y"] < qr["y"] < foot["y"]
    assert (
        len({round(tile["y"]) for tile in (each.bounding_box() for each in board.locator(".tile").all())})
        == 3
    )


@pytest.mark.parametrize(("width", "height"), [(667, 375), (740, 360), (844, 390), (1024, 768)])
def test_on_its_side_a_phone_or_a_tablet_shows_all_at_once_too(board, width, height):
    board.set_viewport_size({"width": width, "height": height})
    tiles, qr = (board.locator(part).bounding_box() for part in (".tiles", ".qr"))
    assert tiles["x"] + tiles["width"] < qr["x"]
    assert tiles["height"] > height / 2
    assert (board.evaluate(SIDEWAYS), board.evaluate(DOWNWARDS)) == (0, 0)

    press(board, "Lock now")
    sees_the_code(board, "locked")
    assert board.evaluate(DOWNWARDS) == 0


@pytest.mark.parametrize(("width", "height"), [(320, 640), (360, 740), (768, 1024)])
def test_on_an_upright_screen_all_is_seen_at_once(board, width, height):
    board.set_viewport_size({"width": width, "height": height})
    assert board.evaluate(DOWNWARDS) == 0

    press(board, "Lock now")
    sees_the_code(board, "locked")
    assert board.evaluate(DOWNWARDS) == 0


def test_who_joins_is_counted_while_the_board_is_open(board, biology_code, amara):
    expect(board.locator("[data-count]")).to_have_text("0 in")

    use_code(biology_code().code, by=amara)

    expect(board.locator("[data-count]")).to_have_text("1 in", timeout=8000)


@pytest.mark.rule("K8")
def test_five_seconds_after_a_reset_elsewhere_the_board_shows_the_new_code(board, biology_code, ms_okafor):
    board.clock.install()
    board.reload()
    before = code_on(board)
    biology_code().reset(by=ms_okafor)

    with board.expect_response("**/board/count/**"):
        board.clock.run_for(5000)

    expect(board.locator("[data-code]")).to_have_attribute("data-code", biology_code().code)
    assert code_on(board) != before


@pytest.mark.rule("K7", "J10")
def test_lock_now_locks_and_the_foot_says_so(board, biology_code):
    ground = "foot => getComputedStyle(foot).backgroundColor"
    foot = board.locator(".board__foot")
    unlocked = foot.evaluate(ground)
    board.get_by_role("button", name="Lock now").dblclick()

    sees_the_code(board, "locked")
    sees(board, "Locked.", "You can still ask to join.")
    assert foot.evaluate(ground) != unlocked
    assert biology_code().state == "locked"
    expect(board.get_by_role("button", name="Unlock")).to_be_focused()
    is_faultless(board)

    board.wait_for_timeout(1000)  # until a second press is a press of its own
    press(board, "Unlock")
    sees_the_code(board, "unlocked")


@pytest.mark.rule("J10")
@pytest.mark.fault("F33")
def test_on_a_slow_line_the_board_asks_nothing_while_a_press_is_under_way(board, biology_code):
    """The answer would replace the board, and with it the form whose answer is still to come."""
    held, asked = [], []
    board.route("**/code/lock/**", lambda route: held.append((route, route.fetch())))
    board.on("request", lambda request: asked.append(request.url) if "/count/" in request.url else None)
    expect(board.get_by_role("button", name="Lock now")).to_be_enabled()
    press(board, "Lock now")
    board.wait_for_timeout(1000)
    assert biology_code().state == "locked"
    asked.clear()

    board.wait_for_timeout(4500)  # it asks every four seconds
    ((route, answer),) = held
    route.fulfill(response=answer)

    sees(board, "The Code is locked. Anyone who uses it now has to ask to join.")
    assert asked == []


@pytest.mark.rule("J10")
@pytest.mark.fault("F33")
def test_what_the_board_asked_before_a_press_changes_nothing_after_it(board, biology_code, ms_okafor):
    """The answer to it came for an element that was gone, and the page reported an error."""
    held = hold_the_first(board, "**/board/count/**")
    biology_code().reset(by=ms_okafor)
    until(board, lambda: held)
    press(board, "Lock now")
    sees_the_code(board, "locked")

    let_go(held)

    board.wait_for_timeout(500)
    sees_the_code(board, "locked")


def test_close_and_escape_lead_to_the_class(board, biology):
    board.keyboard.press("Escape")
    is_at(board, biology.path)

    board.go_back()
    follow(board, "Close")
    is_at(board, biology.path)


def test_full_screen_and_back(board):
    press(board, "Full screen")
    expect(board.locator(":fullscreen")).to_have_count(1)
    press(board, "Full screen")
    expect(board.locator(":fullscreen")).to_have_count(0)


def test_without_scripts_it_shows_locks_and_closes(open_browser, ms_okafor, biology):
    page = open_browser(ms_okafor, java_script_enabled=False)
    page.goto(f"{biology.path}board/")
    expect(page.get_by_role("button", name="Full screen")).to_be_hidden()
    press(page, "Lock now")

    is_at(page, f"{biology.path}board/")
    sees_the_code(page, "locked")
    follow(page, "Close")
    is_at(page, biology.path)


def test_by_keyboard_every_button_is_reached_and_its_ring_is_seen(board):
    expect(board.get_by_role("button", name="Lock now")).to_be_enabled()
    reached = []
    for _ in range(4):
        board.keyboard.press("Tab")
        reached.append(board.evaluate("document.activeElement.innerText.trim()"))
        assert board.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"

    assert reached == ["Skip to the content", "Lock now", "Full screen", "Close"]


def test_a_name_that_never_ends_leaves_the_tiles_their_place(open_browser, ms_okafor):
    choir = ClassroomFactory(name="Chor" * 25, by=ms_okafor)
    page = open_browser(ms_okafor, viewport={"width": 1280, "height": 720})
    page.goto(f"{choir.path}board/")

    assert (page.evaluate(SIDEWAYS), page.evaluate(DOWNWARDS)) == (0, 0)
    is_faultless(page)


def test_an_archived_class_says_so_on_the_board(board, biology, ms_okafor):
    biology.archive(by=ms_okafor)

    sees(board, "This class is archived.")
    expect(board.locator("[data-code]")).to_have_count(0)
    is_faultless(board)


@pytest.mark.parametrize("is_locked", [False, True])
def test_on_paper_it_is_a_poster(board, biology_code, ms_okafor, is_locked):
    if is_locked:
        biology_code().lock(by=ms_okafor)
        sees(board, "Locked.")
    board.emulate_media(media="print")
    sees(board, "The Code is locked" if is_locked else "Join by")

    expect(board.get_by_role("button", name="Lock now")).to_be_hidden()
    expect(board.get_by_role("img", name="QR code")).to_be_visible()
    assert (
        board.locator(".board").evaluate("board => getComputedStyle(board).backgroundColor")
        == "rgb(255, 255, 255)"
    )


def test_who_is_no_manager_any_more_sees_no_code(board, biology, ms_okafor, mr_lind):
    biology.transfer(by=ms_okafor, to=mr_lind)
    biology.memberships.filter(user=ms_okafor).update(role="member")

    expect(board.locator("[data-code]")).to_have_count(0)
    sees(board, "You can't do this")
