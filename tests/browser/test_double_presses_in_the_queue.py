"""In the approval queue one press is one act, however quickly the next one follows and however slow the line is."""

import pytest
from playwright.sync_api import expect

from joins.acts.ask import ask_by_join_url
from joins.acts.queue import decide
from joins.models import JoinRequest
from joins.views import queue as queue_views
from tests.browser.hands import focus, press_twice, sees

pytestmark = pytest.mark.browser
GAPS = [30, 80, 150, 300]  # milliseconds between the two presses of a double click
SLOW = [0, 300, 1200]  # milliseconds before an answer arrives; a page takes no press in its first 1,000


@pytest.fixture
def queue(open_browser, ms_okafor, biology):
    """queue(delay) -> the open page. The answer to each act comes so many milliseconds later."""

    def opened(delay=0):
        page = open_browser(ms_okafor, viewport={"width": 1280, "height": 800})
        page.route("**/requests/**", lambda route: slowly(page, route, delay))
        page.goto(f"{biology.path}requests/")
        return page

    return opened


def slowly(page, route, delay):
    if route.request.method == "POST" and delay:
        answer = route.fetch()
        page.wait_for_timeout(delay)
        route.fulfill(response=answer)
    else:
        route.continue_()


def waiting():
    return set(JoinRequest.objects.pending().values_list("name", flat=True))


def row(page, join_request):
    return page.locator(f"#request-{join_request.pk}")


def is_answered(page, delay):
    """Waits for the sentence of the first press, however long it takes, and then for what the second press might
    cause."""
    page.wait_for_timeout(delay + 300)
    page.wait_for_load_state("networkidle")


@pytest.mark.rule("J10")
@pytest.mark.fault("F33")
@pytest.mark.parametrize("delay", SLOW)
def test_a_double_click_on_a_row_decides_that_row_alone(queue, asks, delay):
    """The second press hits nothing, or the same row after it was decided."""
    join_requests = [asks(name) for name in ("Ada", "Ben", "Cleo", "Dan", "Eva", "Finn")]
    page = queue(delay)
    left = {join_request.name for join_request in join_requests}
    acts = [("Let in", "{} is in."), ("Say no", "Said no to {}.")] * 2
    for join_request, gap, (act, sentence) in zip(join_requests, GAPS, acts, strict=False):
        press_twice(page, row(page, join_request).get_by_role("button", name=act), gap)
        expect(row(page, join_request)).to_contain_text(sentence.format(join_request.name))
        is_answered(page, delay)

        left.remove(join_request.name)
        assert waiting() == left
        expect(row(page, join_request)).to_contain_text(sentence.format(join_request.name))
        expect(page.locator("[data-request]")).to_have_count(len(left))


@pytest.mark.rule("J10", "Q2")
@pytest.mark.fault("F33")
@pytest.mark.parametrize("delay", SLOW)
def test_a_double_click_on_a_bulk_act_decides_those_it_named(queue, asks, biology, delay):
    page = queue(delay)
    for gap, act in zip(GAPS, ["Let in all 2 on this page", "Let in ticked"] * 2, strict=True):
        asked = [asks(name) for name in ("Ada", "Ben")]
        page.reload()
        if act == "Let in ticked":
            row(page, asked[0]).get_by_role("checkbox").check()
            asked = asked[:1]
        late = waiting() - {join_request.name for join_request in asked}
        press_twice(page, page.get_by_role("button", name=act), gap)
        for join_request in asked:
            expect(row(page, join_request)).to_contain_text(f"{join_request.name} is in.")
        is_answered(page, delay)

        assert waiting() == late
        JoinRequest.objects.pending().delete()
        biology.memberships.filter(role="member").delete()


@pytest.mark.rule("J10")
@pytest.mark.parametrize("act", ["Let in ticked", "Say no to ticked"])
def test_the_second_press_of_a_bulk_act_does_not_ask_for_ticks(queue, asks, act):
    """The requests have been decided by then, and the first answer says what happened to them."""
    asks("Ada"), asks("Ben"), asks("Cleo")
    page = queue()
    page.locator("#waiting [name=request]").first.check()

    press_twice(page, page.get_by_role("button", name=act), 150)
    expect(page.locator("#queue")).to_contain_text("Ada Lee")
    is_answered(page, 0)
    expect(page.get_by_text("Tick at least one request first.")).to_have_count(0)
    assert waiting() == {"Ben Lee", "Cleo Lee"}


@pytest.mark.fault("F33")
def test_whom_one_lets_in_while_the_list_reloads_itself_is_seen_to_be_in(queue, asks, biology):
    """The list reloads after the first act. Its answer was made before the second act, but arrives after it."""
    ada, ben, cleo = [asks(name) for name in ("Ada", "Ben", "Cleo")]
    page = queue()
    page.route("**/requests/?page=1", lambda route: late(page, route))
    page.route("**/requests/decide/", lambda route: slowly(page, route, 200))

    row(page, ada).get_by_role("button", name="Let in").click()
    page.wait_for_timeout(300)
    row(page, ben).get_by_role("button", name="Let in").click()

    sees(page, "Ada Lee is in.", "Ben Lee is in.")
    page.wait_for_timeout(1500)
    page.mouse.move(1, 1)
    page.wait_for_timeout(1500)
    sees(page, "Ada Lee is in.", "Ben Lee is in.")
    assert waiting() == {"Cleo Lee"}
    expect(page.locator("[data-request]")).to_have_attribute("data-request", str(cleo.pk))


def late(page, route):
    answer = route.fetch()
    page.wait_for_timeout(600)
    route.fulfill(response=answer)


@pytest.mark.rule("J10")
def test_nothing_moves_under_the_pointer_when_an_act_is_answered(queue, asks):
    """Even at a phone's width, where a row is high."""
    ada, ben = asks("Ada"), asks("Ben")
    for width in (360, 1280):
        page = queue()
        page.set_viewport_size({"width": width, "height": 800})
        button = row(page, ben).get_by_role("button", name="Let in")
        before = button.bounding_box()
        row(page, ada).get_by_role("button", name="Let in" if width == 360 else "Say no").click()
        sees(page, "Ada Lee is in." if width == 360 else "Said no to Ada Lee.")
        after = button.bounding_box()
        assert [round(after[side]) for side in "xy"] == [round(before[side]) for side in "xy"]
        ada = asks("Ada")
        JoinRequest.objects.filter(pk=ada.pk).update(asked_at="2020-01-01T00:00Z")


@pytest.mark.rule("J10")
@pytest.mark.parametrize("delay", [0, 900])
def test_the_focus_goes_to_the_next_row_and_a_second_press_of_the_key_does_nothing_there(queue, asks, delay):
    """The same as by pointer. A second after the answer, which may have taken nearly as long, the key works."""
    ada, ben, cleo = [asks(name) for name in ("Ada", "Ben", "Cleo")]
    page = queue(delay)
    focus(row(page, ada).get_by_role("button", name="Let in"))
    page.keyboard.press("Enter")
    following = row(page, ben).get_by_role("button", name="Let in")
    expect(following).to_be_focused()
    page.wait_for_timeout(200)
    page.keyboard.press("Enter")
    page.wait_for_timeout(1200 + delay)
    assert waiting() == {"Ben Lee", "Cleo Lee"}

    page.keyboard.press("Enter")
    sees(page, "Ben Lee is in.")
    assert waiting() == {"Cleo Lee"}


@pytest.mark.rule("J10")
@pytest.mark.parametrize("act", ["Say no", "Block"])
def test_a_key_that_refuses_somebody_takes_two_seconds_before_it_refuses_the_next(queue, asks, act):
    """ "Let in" takes one, because a wrong one does less harm and many are let in by Enter, Enter, Enter."""
    ada, ben, _ = [asks(name) for name in ("Ada", "Ben", "Cleo")]
    page = queue()
    focus(row(page, ada).get_by_role("button", name=act))
    page.keyboard.press("Enter")
    expect(row(page, ben).get_by_role("button", name=act)).to_be_focused()
    page.wait_for_timeout(1200)
    page.keyboard.press("Enter")
    page.wait_for_timeout(1500)
    assert waiting() == {"Ben Lee", "Cleo Lee"}

    page.keyboard.press("Enter")
    expect(page.locator("[data-decided]")).to_have_count(2)
    assert waiting() == {"Cleo Lee"}


@pytest.mark.rule("J10")
def test_nothing_new_is_offered_before_somebody_arrives(queue, asks):
    asks("Ada")
    page = queue()
    sees(page, "Ada Lee")
    expect(page.locator("#queue-news")).to_be_hidden()


@pytest.mark.rule("J10")
def test_a_key_that_is_held_down_presses_once(queue, asks):
    """The focus moves from row to row, but the key is released before the next one is decided."""
    for name in ("Ada", "Ben", "Cleo"):
        asks(name)
    page = queue()
    focus(page.locator("[data-request] button[value=approve]").first)
    hold(page, "Enter", 2500)
    sees(page, "Ada Lee is in.")
    assert waiting() == {"Ben Lee", "Cleo Lee"}

    page.keyboard.press("Enter")
    sees(page, "Ben Lee is in.")
    assert waiting() == {"Cleo Lee"}


def hold(page, key, milliseconds):
    for _ in range(milliseconds // 50):
        page.keyboard.down(key)  # sent as a repeating key from the second time on
        page.wait_for_timeout(50)
    page.keyboard.up(key)


@pytest.mark.rule("Q2")
def test_what_acts_on_many_names_those_who_are_left_while_the_pointer_stays(queue, asks):
    """Nothing moves under the pointer, but the number on the button is right at once."""
    ada, ben, _ = [asks(name) for name in ("Ada", "Ben", "Cleo")]
    page = queue()
    many = page.locator("#approve-page")
    row(page, ada).get_by_role("button", name="Let in").click()
    expect(row(page, ada)).to_contain_text("Ada Lee is in.")
    expect(many).to_have_text("Let in all 2 on this page")

    row(page, ben).get_by_role("button", name="Say no").click()
    expect(row(page, ben)).to_contain_text("Said no to Ben Lee.")
    expect(many).not_to_be_visible()


@pytest.mark.rule("Q2")
def test_what_acts_on_many_names_who_came_in_the_place_of_another(queue, asks, biology, ms_okafor):
    """Two people waited before and two wait now, but not the same two."""
    ada, ben = asks("Ada"), asks("Ben")
    page = queue()
    decide(biology, [ada.pk], "deny", by=ms_okafor)
    cleo = asks("Cleo")
    expect(row(page, ada)).to_have_count(0)
    expect(row(page, cleo)).to_be_visible()

    page.locator("#approve-page").click()
    for join_request in (ben, cleo):
        expect(row(page, join_request)).to_contain_text(f"{join_request.name} is in.")


@pytest.mark.rule("Q2")
@pytest.mark.parametrize("act", ["Let in all 2 on this page", "Let in ticked"])
def test_with_the_last_row_the_acts_on_many_go_too(queue, asks, act):
    """Even while the pointer is still there. They come back with the next row."""
    asks("Ada"), asks("Ben")
    page = queue()
    bulk = page.locator(".bulk")
    bulk.get_by_label("Tick all").check()
    page.get_by_label("Tick all").set_checked(act == "Let in ticked")
    page.get_by_role("button", name=act).click()
    sees(page, "Nobody is waiting.")
    expect(bulk).not_to_be_visible()

    page.mouse.move(1, 1)
    asks("Cleo")
    expect(page.get_by_role("button", name="Let in Cleo Lee")).to_be_visible()
    expect(bulk).to_be_visible()


@pytest.mark.rule("Q2")
def test_with_the_last_row_decided_alone_the_acts_on_many_go_too(queue, asks):
    ada = asks("Ada")
    page = queue()
    row(page, ada).get_by_role("button", name="Say no").click()

    expect(page.locator(".bulk")).not_to_be_visible()
    page.mouse.move(1, 1)
    page.wait_for_timeout(500)
    expect(page.locator(".bulk")).not_to_be_visible()


@pytest.mark.rule("Q2", "J10")
def test_who_arrives_under_a_resting_pointer_is_held_back_and_hinted_at(queue, asks):
    """The rows, the button's number and the people it would act on agree, and nothing moves under the pointer."""
    asks("Ada"), asks("Ben")
    page = queue()
    many = page.get_by_role("button", name="Let in all")
    many.hover()
    before = many.bounding_box()
    cleo = asks("Cleo")
    expect(page.locator("[data-waiting]")).to_have_attribute("data-waiting", "3")

    hint = page.get_by_role("button", name="1 new · Show")
    expect(hint).to_be_visible()
    band = page.locator(".band").bounding_box()
    # There it is on no link of the bar and on no tab.
    assert hint.bounding_box()["y"] >= band["y"] + band["height"]
    expect(page.locator("[data-request]")).to_have_count(2)
    expect(many).to_have_text("Let in all 2 on this page")
    assert many.bounding_box() == before

    hint.click()
    expect(row(page, cleo)).to_be_visible()
    expect(hint).not_to_be_visible()
    expect(many).to_have_text("Let in all 3 on this page")
    many.click()
    sees(page, "Cleo Lee is in.")
    assert waiting() == set()


@pytest.mark.rule("J10", "Q2")
def test_who_comes_up_from_the_next_page_is_not_new(queue, asks, biology, monkeypatch):
    """Nor are the people of page 1, after all of page 2 have been let in. All numbers on the page are right at once."""
    monkeypatch.setattr(queue_views, "PER_PAGE", 3)
    for name in ("Ada", "Ben", "Dan", "Eva", "Finn"):
        asks(name)
    page = queue()
    with page.expect_response("**/requests/?page=1"):
        page.locator("[data-request] button[value=approve]").first.click()
    sees(page, "Ada Lee is in.", "4 people are waiting, here and on other pages.")
    expect(page.locator("#queue-news")).to_be_hidden()
    cleo = asks("Cleo")

    page.goto(f"{biology.path}requests/?page=2")
    expect(row(page, cleo)).to_be_visible()
    page.get_by_role("button", name="Let in all 2 on this page").click()
    sees(page, "3 waiting. Oldest first.")
    expect(page.locator("#everybody")).to_be_hidden()
    expect(page.locator(".band__nav [data-counted]")).to_have_text("(3)")
    expect(page.locator("#queue-news")).to_be_hidden()
    page.mouse.move(1, 1)
    page.wait_for_timeout(500)
    expect(page.locator("[data-request]")).to_have_count(0)


@pytest.mark.rule("J10")
def test_who_was_held_back_comes_when_the_pointer_leaves_though_a_row_has_the_focus(queue, asks):
    """As the focus is after each press by pointer."""
    ada, ben = asks("Ada"), asks("Ben")
    page = queue()
    row(page, ada).get_by_role("button", name="Say no").click()
    row(page, ben).get_by_role("button", name="Say no").focus()
    cleo = asks("Cleo")
    expect(page.get_by_role("button", name="1 new · Show")).to_be_visible()

    page.mouse.move(1, 1)
    expect(row(page, cleo)).to_be_visible()
    expect(row(page, ben).get_by_role("button", name="Say no")).to_be_focused()


@pytest.mark.rule("Q2")
def test_who_arrives_while_a_row_has_the_focus_is_in_what_acts_on_many(queue, asks):
    """Nothing is under the pointer, so the list grows, and the focus stays."""
    ada, _ = asks("Ada"), asks("Ben")
    page = queue()
    deny = row(page, ada).get_by_role("button", name="Say no")
    focus(deny)
    asks("Cleo")

    expect(page.locator("[data-request]")).to_have_count(3)
    expect(page.get_by_role("button", name="Let in all")).to_have_text("Let in all 3 on this page")
    expect(deny).to_be_focused()


@pytest.mark.rule("J10")
def test_what_acts_on_many_stands_where_no_notification_was(open_browser, ms_okafor, asks):
    """Without scripts, only the layout keeps the second press off the button."""
    for name in ("Ada", "Ben", "Cleo", "Dan", "Eva"):
        asks(name)
    page = open_browser(ms_okafor, viewport={"width": 1280, "height": 800}, java_script_enabled=False)
    page.goto("/notifications/")
    link = page.get_by_role("button", name="5 people ask to join")
    box = link.bounding_box()
    link.click()
    many = page.get_by_role("button", name="Let in all 5 on this page").bounding_box()
    right, bottom = box["x"] + box["width"], box["y"] + box["height"]
    assert many["x"] > right or many["y"] > bottom or many["y"] + many["height"] < box["y"]


def test_a_page_that_arrives_with_news_fills_the_live_region_afterwards(open_browser, amara, biology):
    """A message that comes with the page is put into the region after the page has loaded."""
    page = open_browser(amara)
    page.add_init_script(
        "addEventListener('DOMContentLoaded', () => { window.early = document.querySelector('#flash').innerText })"
    )
    join_request = ask_by_join_url(biology.join_url, by=amara)
    page.goto("/")
    page.locator("summary", has_text="Cancel my request").click()
    page.get_by_role("button", name="Yes, cancel my request").click()
    sees(page, "You have cancelled your request to join Biology 9B.")
    expect(page.locator("#flash")).to_contain_text("You have cancelled your request")
    assert page.evaluate("window.early").strip() == ""
    assert not JoinRequest.objects.pending().filter(pk=join_request.pk).exists()
