"""What the second press of a double click does, in single cases. test_every_button_twice.py covers all buttons."""

import pytest
from playwright.sync_api import expect

from joins.acts.queue import decide
from joins.models import JoinRequest
from tests.browser.hands import is_at, press_twice, sees, until, write

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 640}
TOUCH = {"has_touch": True}


@pytest.fixture
def posts(live_server):
    """posts(page) -> the addresses of all forms that this page sends from now on."""

    def noted(page):
        sent = []
        page.on("request", lambda request: request.method == "POST" and sent.append(request.url))
        return sent

    return noted


@pytest.mark.rule("J10")
def test_a_form_is_sent_once_while_its_answer_is_on_its_way(open_browser, posts, amara, biology):
    """Also for a hand slower than a double click, and for the keyboard."""
    page = open_browser(amara)
    page.route("**/j/**", lambda route: _late(page, route))
    page.goto(biology.join_url.path)
    sent = posts(page)
    press_twice(page, page.locator("main form:not([data-joins-as]) button"), gap=300)
    page.keyboard.press("Enter")

    expect(page.get_by_role("dialog")).to_be_visible()
    assert len(sent) == 1
    assert JoinRequest.objects.pending().count() == 1


def _late(page, route, method="POST"):
    if route.request.method == method:
        page.wait_for_timeout(1500)
    route.continue_()


def test_a_file_can_be_downloaded_again(open_browser, posts, biology, ms_okafor):
    """The page stays after a download, and its button works again after a second."""
    page = open_browser(ms_okafor)
    page.goto(f"{biology.path}members/")
    sent = posts(page)
    button = page.locator("form[data-download] button")
    with page.expect_download():
        press_twice(page, button, gap=80)
    assert len(sent) == 1
    page.wait_for_timeout(1000)
    with page.expect_download():
        button.click()
    assert len(sent) == 2


def test_a_form_can_be_sent_again_when_its_answer_has_come(open_browser, posts, biology, ms_okafor):
    """The page is still there, because htmx only replaces a part of it."""
    page = open_browser(ms_okafor)
    page.goto(biology.path)
    lock = page.locator("form[hx-post$='/code/lock/'] button")
    page.route("**/code/lock/", lambda route: route.fulfill(status=204), times=1)
    sent = posts(page)
    with page.expect_response("**/code/lock/"):
        lock.click()
    lock.click()

    expect(page.locator("[data-code-state='locked']")).to_be_visible()
    assert len(sent) == 2


@pytest.fixture
def log_out_page(open_browser, leo):
    """log_out_page(**options) -> a page with "Log out" on it, and "Sign up" in its place after that was pressed."""

    def opened(**options):
        page = open_browser(
            leo, viewport={"width": 640, "height": 640}, **options
        )  # without the menu of a phone
        page.goto("/")
        put(page, "nav form button, nav a { position: fixed; inset: 0; z-index: 9 }")
        page.reload()
        page.wait_for_timeout(1000)
        return page

    return opened


def put(page, style):
    """Applies this style to the page, and to each page after it, from the beginning."""
    page.add_init_script(
        f"addEventListener('DOMContentLoaded', () => document.adoptedStyleSheets.push(sheet()));"
        f"function sheet() {{ const made = new CSSStyleSheet(); made.replaceSync('{style}'); return made }}"
    )


@pytest.mark.rule("J10")
@pytest.mark.parametrize("gap", [80, 300])
def test_the_second_press_follows_no_link_that_stands_there_by_then(log_out_page, gap):
    """The link "Sign up" may appear where "Log out" was."""
    page = log_out_page()
    page.mouse.click(180, 400)
    page.wait_for_timeout(gap)
    page.mouse.click(180, 400)

    sees(page, "You've logged out.")
    is_at(page, "/")


def press_here(page):
    """Presses where the pointer rests."""
    page.mouse.down()
    page.mouse.up()


AFTER_A_SECOND = 1050  # milliseconds; from when the answer is seen, which is a little after it has come


@pytest.mark.rule("J10")
def test_what_has_come_under_a_resting_pointer_takes_no_press_in_its_first_two_seconds(
    open_browser, ms_okafor, biology, biology_code
):
    """The answer to "Unlock" may bring "Show on the board" there, but the hand means what was there before."""
    biology_code().lock(by=ms_okafor)
    page = open_browser(ms_okafor)
    put(
        page,
        '#door:has([data-code-state=unlocked]) [href$="/board/"] { position: fixed; inset: 0; z-index: 9 }',
    )
    page.goto(biology.path)
    page.locator("form[hx-post$='/code/unlock/'] button").first.click()
    expect(page.locator("[data-code-state='unlocked']")).to_be_visible()
    page.wait_for_timeout(AFTER_A_SECOND)
    press_here(page)
    page.wait_for_timeout(1500)
    is_at(page, biology.path)

    press_here(page)
    is_at(page, f"{biology.path}board/")


@pytest.mark.rule("J10")
def test_what_has_come_with_a_new_page_takes_no_press_in_its_first_two_seconds(
    open_browser, ms_okafor, biology, leo, is_in
):
    """After "Unblock", the button that closes the message may be there."""
    is_in(leo).remove(by=ms_okafor, keep_out=True)
    page = open_browser(ms_okafor)
    put(page, "[data-close-message] { position: fixed; inset: 0; z-index: 9 }")
    page.goto(f"{biology.path}kept-out/")
    unblock = page.get_by_role("button", name="Unblock")
    expect(unblock).to_be_enabled()
    unblock.click()
    sees(page, "Leo Park can join again.")
    page.wait_for_timeout(AFTER_A_SECOND)
    press_here(page)
    page.wait_for_timeout(1500)
    sees(page, "Leo Park can join again.")

    page.mouse.move(600, 300)
    press_here(page)
    expect(page.get_by_text("Leo Park can join again.")).to_have_count(0)


@pytest.mark.rule("J10")
def test_the_same_act_for_the_next_person_at_that_place_takes_a_press_after_a_second(
    open_browser, ms_okafor, biology, asks
):
    """Somebody who unblocks one after the other needn't move."""
    ada, ben = asks("Ada"), asks("Ben")
    decide(biology, [ada.pk, ben.pk], "keep-out", by=ms_okafor)
    page = open_browser(ms_okafor)
    page.goto(f"{biology.path}kept-out/")
    page.get_by_role("button", name="Unblock Ada").or_(
        page.get_by_role("button", name="Unblock Ben")
    ).first.click()
    expect(page.get_by_role("button", name="Unblock")).to_have_count(1)
    page.wait_for_timeout(AFTER_A_SECOND)
    press_here(page)
    expect(page.get_by_role("button", name="Unblock")).to_have_count(0)
    assert not biology.kept_out.exists()


@pytest.mark.rule("J10")
def test_only_the_next_page_is_the_answer_to_a_press(open_browser, biology, biology_code):
    """Somebody types a Code, and then opens a Join URL in the same tab. Its button is where "Join" was."""
    page = open_browser(viewport=PHONE, **TOUCH)
    put(page, "main .form > button { position: fixed; inset: 0; z-index: 9 }")
    page.goto("/join/")
    write(page, {"Code": biology_code().code})
    with page.expect_navigation(url="**/signup/student/**"):
        page.touchscreen.tap(180, 400)
    page.goto(biology.join_url.path)
    page.touchscreen.tap(180, 400)

    sees(page, "You're asking to join Biology 9B.")


@pytest.mark.rule("J10")
@pytest.mark.parametrize(("zoom", "first"), [(1, (180, 400)), (2, (90, 200))])
def test_a_finger_does_not_come_down_twice_at_the_very_same_place(log_out_page, zoom, first):
    """A fingertip is wider than the distance that a mouse moves within a double click.

    Two fingers may have zoomed the first page. The next one isn't zoomed, so the same place on the screen is another
    one on the page.
    """
    page = log_out_page(**TOUCH)
    phone = page.context.new_cdp_session(page)
    phone.send("Emulation.setPageScaleFactor", {"pageScaleFactor": zoom})

    with page.expect_event("domcontentloaded"):
        page.touchscreen.tap(*first)
    page.touchscreen.tap(196, 414)
    page.wait_for_timeout(500)

    sees(page, "You've logged out.")
    is_at(page, "/")


@pytest.mark.rule("J10")
@pytest.mark.parametrize("options", [{}, TOUCH], ids=["mouse", "finger"])
def test_the_second_press_ticks_nothing_that_stands_there_by_then(open_browser, leo, options):
    """After a wrong password, an error moves "Keep me logged in" to where "Log in" was."""
    page = open_browser(viewport=PHONE, **options)
    put(page, "main:has([role=alert]) label[for=id_remember] { position: fixed; inset: 0; z-index: 9 }")
    page.goto("/accounts/login/")
    write(page, {"Username or email": leo.username, "Password": "not the right one"})
    press_twice(page, page.locator("main form button"), gap=600)

    expect(page.locator("main [role=alert]")).to_be_visible()
    keep = page.get_by_label("Keep me logged in")
    expect(keep).not_to_be_checked()
    page.wait_for_timeout(1000)
    page.mouse.click(180, 400)
    expect(keep).to_be_checked()


def test_two_fingers_on_two_rows_are_two_presses(open_browser, ms_okafor, biology, asks):
    """A finger doesn't move before it comes down, so only the same place counts as a double press."""
    asks("Ada"), asks("Ben")
    page = open_browser(ms_okafor, has_touch=True)
    page.goto(f"{biology.path}requests/")
    page.locator("[data-request]").nth(0).locator("button[value=approve]").tap()
    page.wait_for_timeout(200)
    page.locator("[data-request]").locator("button[value=approve]").last.tap()

    expect(page.locator("[data-decided]")).to_have_count(2)
    assert not JoinRequest.objects.pending().exists()


@pytest.fixture
def three_ask(asks):
    for name in ("Ada", "Ben", "Cleo"):
        asks(name)


@pytest.mark.fault("F33")
@pytest.mark.usefixtures("three_ask")
def test_a_row_stays_until_its_own_answer_comes_even_if_the_hand_has_left_it(
    open_browser, ms_okafor, biology
):
    """The list is fetched when the act is done but its answer is still on its way: the row is not in it any more."""
    page = open_browser(ms_okafor)
    page.goto(f"{biology.path}requests/")
    page.route("**/requests/decide/", lambda route: _answered_late(page, route))
    page.get_by_role("button", name="Let in Ada Lee").click()
    page.mouse.move(1, 1)
    page.evaluate("document.activeElement.blur()")
    page.wait_for_timeout(1000)
    assert JoinRequest.objects.pending().count() == 2

    with page.expect_response("**/requests/?page=1"):
        page.evaluate("document.dispatchEvent(new Event('counts-changed'))")
    sees(page, "Ada Lee is in.")
    expect(page.locator("[data-request]")).to_have_count(2)


def _answered_late(page, route):
    answer = route.fetch()
    page.wait_for_timeout(2500)
    route.fulfill(response=answer)


@pytest.mark.rule("J10")
@pytest.mark.usefixtures("three_ask")
def test_a_button_for_several_people_takes_no_press_before_the_page_is_whole(
    open_browser, ms_okafor, biology
):
    """On a slow line the buttons are there before the page's end, at which they are disabled for a second."""
    page = open_browser(ms_okafor)
    held = []
    page.route("**/rest.js", lambda route: held.append(route))
    page.route("**/requests/", _with_a_slow_end)
    page.goto(f"{biology.path}requests/", wait_until="commit")
    page.locator("#approve-page").click(no_wait_after=True)
    expect(page.locator("#approve-page")).to_be_enabled()
    held[0].fulfill(body="", content_type="text/javascript")
    page.wait_for_load_state()

    page.wait_for_timeout(1200)
    assert JoinRequest.objects.pending().count() == 3
    page.locator("#approve-page").click()
    sees(page, "Ada Lee is in.", "Ben Lee is in.", "Cleo Lee is in.")


@pytest.mark.rule("J10")
@pytest.mark.usefixtures("three_ask")
def test_buttons_that_take_no_press_for_more_than_a_second_look_so(open_browser, ms_okafor, biology):
    """On a slow line or a slow computer, the page's first second begins long after its buttons have come."""
    page, held = open_browser(ms_okafor), []
    page.goto(biology.path)
    page.route("**/rest.js", lambda route: held.append(route))
    page.route("**/requests/", _with_a_slow_end)
    page.locator(".band__nav").get_by_role("link", name="Approval queue").click(no_wait_after=True)
    buttons = [page.get_by_role("button", name="Let in ").first, page.locator("#approve-page")]

    for button in buttons:
        expect(button).to_have_css("opacity", "0.55")
    until(page, lambda: held)
    held[0].fulfill(body="", content_type="text/javascript")
    for button in buttons:
        expect(button).to_have_css("opacity", "1")


@pytest.mark.rule("J10")
@pytest.mark.parametrize("act", ["Let in", "Say no", "Block"])
@pytest.mark.usefixtures("three_ask")
def test_a_button_that_decides_takes_no_press_in_the_first_second_of_a_page_that_answers_a_press(
    open_browser, ms_okafor, biology, act
):
    """However far the hand has moved: what it meant was on the page before."""
    page = open_browser(ms_okafor)
    page.goto(f"{biology.path}requests/")
    button = page.get_by_role("button", name=f"{act} ").first
    expect(button).to_be_enabled()
    box = button.bounding_box()
    with page.expect_navigation(wait_until="domcontentloaded"):
        page.locator(".band__nav").get_by_role("link", name="Approval queue").click()
    page.mouse.move(box["x"] + 9, box["y"] + 9, steps=2)
    press_here(page)
    page.wait_for_timeout(1500)
    assert JoinRequest.objects.pending().count() == 3

    press_here(page)
    expect(page.locator("[data-decided]")).to_have_count(1)


@pytest.mark.rule("J10")
@pytest.mark.usefixtures("three_ask")
def test_a_button_for_several_people_takes_a_press_before_all_scripts_have_come(
    open_browser, ms_okafor, biology
):
    """On a slow line, scripts come seconds after the page. Only the page's first second takes no press."""
    page = open_browser(ms_okafor)
    held = []
    page.route("**/js/homeroom*.js", lambda route: held.append(route))
    page.goto(f"{biology.path}requests/", wait_until="commit")
    expect(page.locator("#approve-page")).to_be_disabled()
    assert JoinRequest.objects.pending().count() == 3
    page.wait_for_timeout(1500)

    page.locator("#approve-page").click(no_wait_after=True)
    expect(page.get_by_text("Let in 3 people: Ada Lee, Ben Lee, Cleo Lee.").first).to_be_visible()
    assert held


def _with_a_slow_end(route):
    """The page's text stops behind its main part until a script has come, as on a slow line."""
    answer = route.fetch()
    route.fulfill(
        response=answer,
        body=answer.text().replace("</main>", '</main><script src="/static/rest.js"></script>'),
    )


@pytest.mark.fault("F33")
def test_a_log_out_is_answered_whatever_the_page_asks_meanwhile(open_browser, ms_okafor, biology):
    """The answer is on its way, and the page's own poll is redirected to the log-in page."""
    page = open_browser(ms_okafor)
    page.goto(biology.path)
    page.evaluate("setInterval(() => htmx.trigger(document.body, 'queue-changed'), 300)")

    def hold(route):
        answer = route.fetch(max_redirects=0)
        with page.expect_response(lambda asked: "/waiting/" in asked.url and "hx-redirect" in asked.headers):
            pass
        page.wait_for_timeout(300)
        route.fulfill(response=answer)

    page.route("**/accounts/logout/", hold)
    page.get_by_role("button", name="Log out").click(no_wait_after=True)

    sees(page, "You've logged out.")
    is_at(page, "/")
