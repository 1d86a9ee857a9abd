"""Where things are and what stands out: a page's main button, the tabs that stay, Code and Join URL on a phone."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.utils import timezone
from playwright.sync_api import expect

from joins.acts.ask import ask_by_join_url
from joins.models import JoinCode
from tests.browser.hands import press, sees, sees_the_code, types_password_again
from tests.factories import ClassroomFactory, StudentFactory

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}


def box(page, selector):
    return page.locator(selector).first.bounding_box()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_tabs_of_a_class_stay_where_they_are(open_browser, ms_okafor, biology, size):
    page = open_browser(ms_okafor, viewport=size)
    seen = []
    for path in ("", "members/", "requests/", "history/", "edit/", "today/"):
        page.goto(biology.path + path)
        seen.append(box(page, ".band__nav a")["y"])

    assert len(set(seen)) == 1, seen


def test_on_a_phone_bar_and_band_are_low_and_the_first_request_is_in_sight(
    open_browser, ms_okafor, biology, amara
):
    ask_by_join_url(biology.join_url, amara)
    page = open_browser(ms_okafor, viewport=PHONE)
    page.goto(f"{biology.path}requests/")

    assert (box(page, ".site")["height"], box(page, ".band")["height"]) == (56, 96)
    assert box(page, "[data-request]")["y"] < 400


def test_on_a_phone_the_code_grows_with_the_letters(open_browser, ms_okafor, biology):
    page = open_browser(ms_okafor, viewport=PHONE)
    page.goto(biology.path)
    before = box(page, ".door .tile")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    after = box(page, ".door .tile")

    assert after["height"] > 1.4 * before["height"]
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


@pytest.mark.parametrize("who", ["nobody", "teacher", "student"])
def test_on_a_phone_with_large_letters_the_bar_takes_two_rows(
    open_browser, ms_okafor, biology, amara, leo, who
):
    for asks in (amara, leo):
        ask_by_join_url(biology.join_url, asks)
    page = open_browser({"teacher": ms_okafor, "student": amara}.get(who), viewport=PHONE)
    page.goto("/")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    places = page.locator(".site :is(a, button)").filter(visible=True).all()

    assert len({round(place.bounding_box()["y"] / 60) for place in places}) <= 2
    assert box(page, ".site")["height"] <= 220


def test_a_decided_row_is_a_gap_in_the_list(open_browser, ms_okafor, biology, amara, leo):
    for student in (amara, leo):
        ask_by_join_url(biology.join_url, student)
    page = open_browser(ms_okafor, viewport=PHONE)
    page.goto(f"{biology.path}requests/")
    press(page, "Let in Amara Toure")
    sees(page, "Amara Toure is in.")
    colour = "place => getComputedStyle(place).backgroundColor"

    assert page.locator("[data-decided]").evaluate(colour) == page.locator("body").evaluate(colour)


def test_on_a_phone_the_tick_stands_beside_the_name_above_a_warning(open_browser, ms_okafor, biology, is_in):
    is_in(StudentFactory(first_name="Grace", last_name="Tan"))
    ask_by_join_url(biology.join_url, StudentFactory(first_name="Grace", last_name="Tan"))
    page = open_browser(ms_okafor, viewport=PHONE)
    page.goto(f"{biology.path}requests/")
    name, tick = box(page, ".request .row__name > bdi"), box(page, ".request__tick > input")

    assert abs((name["y"] + name["height"] / 2) - (tick["y"] + tick["height"] / 2)) < 6


def test_on_a_phone_a_long_class_name_keeps_off_the_edge_of_its_band(open_browser, ms_okafor):
    physics = ClassroomFactory(name="Physics with a rather long name that teachers give", by=ms_okafor)
    page = open_browser(ms_okafor, viewport=PHONE)
    page.goto(physics.path)
    words = """name => {
      const range = new Range()
      range.selectNodeContents(name)
      return range.getBoundingClientRect().toJSON()
    }"""
    name, band = page.locator(".band h1 bdi").evaluate(words), box(page, ".band")

    assert name["height"] > 40
    assert name["y"] - band["y"] > 4


@pytest.mark.parametrize("path", ["requests/", "today/"])
def test_on_a_phone_the_buttons_of_a_row_stand_in_one_line(
    path, open_browser, ms_okafor, biology, is_in, amara, leo
):
    is_in(amara)
    ask_by_join_url(biology.join_url, leo)
    page = open_browser(ms_okafor, viewport=PHONE)
    page.goto(biology.path + path)
    buttons = page.locator("li > .buttons").first.locator(".button")

    assert buttons.count() > 1
    assert len({buttons.nth(n).bounding_box()["y"] for n in range(buttons.count())}) == 1


@pytest.mark.parametrize("path", ["", "requests/", "edit/"])
def test_on_a_phone_the_tabs_scroll_and_the_current_one_is_in_sight(open_browser, ms_okafor, biology, path):
    page = open_browser(ms_okafor, viewport=PHONE)
    page.goto(biology.path + path)
    current = box(page, ".band__nav [aria-current]")

    assert current["x"] >= 0
    assert current["x"] + current["width"] <= PHONE["width"]


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_on_a_phone_a_menu_leads_to_the_profile_and_out(open_browser, amara, java_script_enabled):
    page = open_browser(amara, viewport=PHONE, java_script_enabled=java_script_enabled)
    page.goto("/")
    menu = page.get_by_role("navigation").get_by_role("button", name="Menu")
    within = page.locator("#site-menu").locator("a, button")
    assert within.filter(visible=True).count() == 0

    menu.press("Enter")
    assert [line.strip() for line in within.filter(visible=True).all_inner_texts()] == [
        "Profile of Amara",
        "Privacy",
        "Log out",
    ]
    page.keyboard.press("Escape")
    assert within.filter(visible=True).count() == 0

    menu.click()
    page.get_by_role("link", name="Profile of Amara").click()
    sees(page, "Profile")


@pytest.mark.parametrize("width", [360, 412, 768, 1280])
def test_the_way_to_everything_is_one_line(open_browser, ms_okafor, biology, amara, width):
    ask_by_join_url(biology.join_url, amara)
    page = open_browser(ms_okafor, viewport={"width": width, "height": 740})
    page.goto("/")

    assert box(page, ".site")["height"] < 75
    assert page.get_by_role("link", name="Homeroom").is_visible()


@pytest.mark.parametrize("width", [360, 412, 768, 1280])
def test_the_bar_is_one_line_after_a_log_out_too(open_browser, amara, width):
    page = open_browser(amara, viewport={"width": width, "height": 740})
    page.goto("/")
    if width < 576:
        page.get_by_role("button", name="Menu").click()
    page.get_by_role("navigation").get_by_role("button", name="Log out").click()

    sees(page, "You've logged out.")
    assert box(page, ".site")["height"] < 75


@pytest.mark.rule("J10")
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_a_message_comes_at_the_foot_of_the_screen_and_moves_nothing(
    open_browser, ms_okafor, biology, is_in, size, java_script_enabled
):
    for _ in range(20):
        is_in(StudentFactory())
    page = open_browser(ms_okafor, viewport=size, java_script_enabled=java_script_enabled)
    page.goto(biology.path)
    places = "['.band', '.door__half'].map(place => document.querySelector(place).getBoundingClientRect().y + scrollY)"
    before = page.evaluate(places)
    press(page, "Pause the Join URL")
    sees(page, "The Join URL is paused.")
    message = page.locator(".flash__message")

    assert page.evaluate(places) == before
    assert box(page, ".flash__message")["y"] > size["height"] / 2
    expect(message).to_be_in_viewport(ratio=1)
    page.get_by_role("link", name="Edit").focus()
    for _ in range(30):
        page.keyboard.press("Tab")
        focused = page.locator(":focus").bounding_box()
        assert focused["y"] + focused["height"] <= box(page, ".flash__message")["y"], "it is not behind it"
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    foot = box(page, ".site-foot")
    assert foot["y"] + foot["height"] <= box(page, ".flash__message")["y"], "nor is the foot of the page"


@pytest.mark.parametrize(
    ("width", "height", "letters", "is_in_sight"),
    [
        (360, 740, "100%", True),
        (360, 740, "200%", False),
        (1280, 720, "200%", True),
        (740, 250, "100%", False),
    ],
)
def test_the_acts_for_the_ticked_cover_little_and_nothing_that_has_the_focus(
    open_browser, ms_okafor, biology, width, height, letters, is_in_sight
):
    """They stay in sight in one line, unless that would take more than a quarter of the screen."""
    for n in range(12):
        ask_by_join_url(biology.join_url, StudentFactory(first_name=f"Ada{n}"))
    page = open_browser(ms_okafor, viewport={"width": width, "height": height})
    page.goto(f"{biology.path}requests/")
    page.evaluate("size => { document.documentElement.style.fontSize = size }", letters)
    boxes = page.get_by_role("checkbox", name="Tick Ada")
    boxes.first.focus()
    page.keyboard.press("Space")
    bar = page.locator("#waiting > .bulk")
    if not is_in_sight:
        assert bar.evaluate("bar => getComputedStyle(bar).position") == "static"
        return
    assert bar.bounding_box()["height"] <= height / 4
    expect(bar).to_be_in_viewport(ratio=1)
    for box in boxes.all()[1:]:
        box.focus()
        page.keyboard.press("Space")
        here = box.bounding_box()
        assert here["y"] + here["height"] <= bar.bounding_box()["y"], "it is not behind it"


@pytest.mark.rule("K11")
def test_the_door_stands_out_by_what_it_asks_for(open_browser, ms_okafor, biology):
    """The button to show the Code stands out, unless the Code is locked or soon will be."""
    page = open_browser(ms_okafor, viewport=PHONE)
    standing_out = page.locator(".door__half--code .button--main:visible")
    page.goto(biology.path)
    assert standing_out.all_inner_texts() == ["Show on the board"]

    JoinCode.objects.filter(classroom=biology).update(locks_at=timezone.now() + timedelta(days=2))
    page.reload()
    assert standing_out.all_inner_texts() == ["Keep open two more weeks"]

    press(page, "Lock now")
    sees_the_code(page, "locked")
    assert standing_out.all_inner_texts() == ["Unlock for two more weeks"]


def test_the_door_leaves_room_on_a_phone_for_what_comes_after_it(open_browser, ms_okafor, biology):
    page = open_browser(ms_okafor, viewport=PHONE)
    page.goto(biology.path)
    tiles, state = box(page, ".tiles"), box(page, ".door__state")

    assert box(page, ".door__half--code")["height"] <= 520
    assert box(page, "[data-join-url]")["y"] < 800
    quiet = [
        each.bounding_box()["y"] for each in page.locator(".door__change > form, .door__change summary").all()
    ]
    assert max(quiet) - min(quiet) < 2, "one line"
    assert state["x"] > tiles["x"] + tiles["width"], "the state stands beside the Code"
    assert abs(state["y"] - tiles["y"]) < tiles["height"]


def test_on_a_desk_the_code_is_one_row(open_browser, ms_okafor, biology):
    page = open_browser(ms_okafor, viewport=DESK)
    page.goto(biology.path)

    assert len({tile.bounding_box()["y"] for tile in page.locator("[data-code] .tile").all()}) == 1


@pytest.mark.rule("K11")
def test_it_does_so_too_if_the_code_is_locked_or_soon_will_be(open_browser, ms_okafor, biology, biology_code):
    page = open_browser(ms_okafor, viewport=PHONE)
    JoinCode.objects.filter(classroom=biology).update(locks_at=timezone.now() + timedelta(days=2, minutes=5))
    page.goto(biology.path)
    sees(page, "in 2 days")
    assert box(page, ".door__half--code")["height"] <= 520
    amber = page.locator(".door__until").evaluate("line => getComputedStyle(line).color")

    biology_code().lock(by=ms_okafor)
    page.reload()
    assert box(page, ".door__half--code")["height"] <= 520
    assert (
        page.locator("[data-state=locked] strong").evaluate("word => getComputedStyle(word).color") == amber
    )


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_more_opens_without_moving_from_under_the_pointer(open_browser, ms_okafor, biology, size):
    page = open_browser(ms_okafor, viewport=size)
    page.goto(biology.path)
    before = box(page, ".door__change summary")
    page.get_by_text("More about the Code").click()

    assert box(page, ".door__change summary") == before
    assert page.get_by_role("link", name="Reset…").is_visible()
    page.get_by_role("button", name="Lock now").click(trial=True)  # it is not covered


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_qr_code_stands_beside_the_join_url(open_browser, ms_okafor, biology, size):
    page = open_browser(ms_okafor, viewport=size)
    page.goto(biology.path)
    address, qr = box(page, "[data-join-url]"), page.get_by_role("img", name="QR code").bounding_box()

    assert (qr["width"], qr["height"]) == (120, 120)
    assert qr["x"] >= address["x"] + address["width"]
    assert qr["y"] == address["y"]


def test_a_press_within_a_sentence_leaves_its_line_as_high_as_others(open_browser, grace):
    page = open_browser(grace, viewport=DESK)
    page.goto("/join/")
    sentence = page.locator("p", has=page.get_by_role("button", name="Log out"))

    assert sentence.bounding_box()["height"] < 30


def test_on_a_phone_the_act_is_as_wide_as_its_page_and_the_way_back_under_it(
    open_browser, ms_okafor, biology
):
    page = open_browser(ms_okafor, viewport=PHONE)
    types_password_again(page)
    for path in ("edit/", "archive/", "delete/", "code/reset/", "code/leaked/"):
        page.goto(biology.path + path)
        act = page.locator(
            "main :is(.buttons, .leak__foot) > :is(.button--main, .button--grave)"
        ).bounding_box()
        back = page.locator("main .buttons > .button--quiet").bounding_box()
        assert (act["x"], act["width"]) == (back["x"], back["width"]), path
        assert back["y"] > act["y"], path


@pytest.mark.parametrize(
    "path", ["/accounts/signup/student/", "{class}members/", "{class}code/leaked/?who=pick"]
)
def test_a_button_beside_a_field_is_as_high_as_the_field(
    path, open_browser, ms_okafor, biology, is_in, amara
):
    is_in(amara)
    page = open_browser(None if "signup" in path else ms_okafor, viewport=DESK)
    page.goto(path.format_map({"class": biology.path}))
    button = page.locator(".field__password, .search").get_by_role("button").first
    field = button.locator("xpath=..").locator("input").first
    ledge = 2  # px, its shadow

    there, here = field.bounding_box(), button.bounding_box()
    assert (here["y"], here["height"] + ledge) == (there["y"], there["height"])


def test_in_colours_of_the_persons_own_each_class_and_letter_has_its_line(open_browser, ms_okafor, biology):
    page = open_browser(ms_okafor, viewport=PHONE, forced_colors="active")
    border = "element => getComputedStyle(element).borderTopWidth"
    page.goto("/")
    assert page.locator(".book").first.evaluate(border) == "1px"
    page.goto(biology.path)
    assert page.locator(".tile:visible").first.evaluate(border) == "1px"
    assert page.locator(".button--main:visible").first.evaluate(border) == "3px"


def test_in_colours_of_the_persons_own_the_chosen_part_of_the_members_is_underlined(
    open_browser, ms_okafor, biology
):
    page = open_browser(ms_okafor, viewport=PHONE, forced_colors="active")
    page.goto(f"{biology.path}members/?part=teachers")
    chips = page.get_by_role("navigation", name="Which members").locator(".chip")
    line = "element => getComputedStyle(element).textDecorationLine"

    assert [chip.evaluate(line) for chip in chips.all()] == ["none", "underline", "none"]


def test_the_button_of_a_mail_is_as_large_as_a_thumb(open_browser, ms_okafor, biology, amara):
    ask_by_join_url(biology.join_url, amara)
    told = {
        "person": ms_okafor,
        "notifications": ms_okafor.notifications.all(),
        "site_url": "https://x.example",
    }
    page = open_browser(viewport=PHONE)
    page.set_content(render_to_string("accounts/email/digest_message.html", told))

    assert page.get_by_role("link", name="Open").first.bounding_box()["height"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
