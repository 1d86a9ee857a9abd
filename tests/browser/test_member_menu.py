"""The menu "…" of a member: it opens without JavaScript, and closes on Escape, on a press elsewhere and when the focus
moves on."""

import pytest
from playwright.sync_api import expect

from tests.factories import StudentFactory, created_with_code_of

pytestmark = pytest.mark.browser


@pytest.fixture
def open_menu(open_browser, ms_okafor, biology, is_in, amara):
    """open_menu(**options of the browser) -> the page, and the menu, opened by keyboard."""
    is_in(amara)
    created_with_code_of(biology, amara)

    def open_one(**options):
        page = open_browser(ms_okafor, **options)
        page.goto(f"{biology.path}members/")
        menu = page.locator('[data-member="amara"] .menu')
        menu.locator("summary").press("Enter")
        expect(menu.get_by_role("link", name="One-time password")).to_be_visible()
        return page, menu

    return open_one


def test_escape_closes_it_and_gives_the_focus_back(open_menu):
    page, menu = open_menu()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")

    expect(menu.get_by_role("link")).to_have_count(0)
    expect(menu.locator("summary")).to_be_focused()


def test_a_press_elsewhere_closes_it(open_menu):
    page, menu = open_menu()
    page.get_by_role("heading", level=1).click()

    expect(menu.get_by_role("link")).to_have_count(0)


def test_it_covers_nothing_that_has_the_focus(open_menu):
    page, menu = open_menu()
    for link in ("One-time password", "Correct the name", "Move to the queue", "Remove"):
        page.keyboard.press("Tab")
        expect(menu.get_by_role("link", name=link)).to_be_focused()
    page.keyboard.press("Tab")

    expect(menu.get_by_role("link")).to_have_count(0)


@pytest.mark.parametrize("size", [(360, 740), (1280, 720)], ids=["phone", "desk"])
def test_at_the_foot_of_the_screen_it_opens_upwards(open_browser, ms_okafor, biology, is_in, size):
    for _ in range(20):
        is_in(StudentFactory())
    page = open_browser(ms_okafor, viewport={"width": size[0], "height": size[1]})
    page.goto(f"{biology.path}members/")
    menu = page.locator("[data-member] .menu").nth(12)
    menu.locator("summary").evaluate("dots => dots.scrollIntoView({block: 'end'})")
    y = page.evaluate("scrollY")
    menu.locator("summary").click()

    expect(menu.locator(".menu__list")).to_be_in_viewport(ratio=1)
    menu.get_by_role("link", name="Remove").click(trial=True)  # it is not covered
    assert page.evaluate("scrollY") == y


def test_it_is_not_printed(open_menu):
    page, menu = open_menu()
    page.emulate_media(media="print")

    expect(page.locator('[data-member="amara"] th')).to_be_visible()
    expect(menu).to_be_hidden()


def test_it_leads_on_without_javascript(open_menu):
    page, menu = open_menu(java_script_enabled=False)
    menu.get_by_role("link", name="Remove").click()

    expect(page.get_by_role("heading", name="Remove Amara Toure?")).to_be_visible()
