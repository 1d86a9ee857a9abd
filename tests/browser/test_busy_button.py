"""A button says that its press is under way if the answer takes long, and only as long as it does."""

import pytest
from playwright.sync_api import expect

from joins.acts.ask import ask_by_join_url
from joins.models import JoinCode
from tests.browser.hands import sees, sees_the_code
from tests.factories import StudentFactory

pytestmark = [pytest.mark.browser, pytest.mark.rule("J10")]


@pytest.fixture
def open_page(open_browser, ms_okafor, biology):
    """open_page("edit/", wait=3000) -> this page of the class, whose forms are answered so many milliseconds later."""

    def opened(path="", wait=3000, **options):
        page = open_browser(ms_okafor, **options)
        page.goto(biology.path + path)
        page.evaluate(
            "window.marks = 0; new MutationObserver(() => { marks += 1 })"
            ".observe(document.body, { attributeFilter: ['aria-busy'], subtree: true })"
        )

        def answer_late(route):
            if route.request.method == "POST":
                page.wait_for_timeout(wait)
            route.continue_()

        page.route("**/classes/**", answer_late)
        return page

    return opened


def test_a_button_that_is_disabled_for_a_second_does_not_flicker(open_browser, ms_okafor, biology):
    page = open_browser(ms_okafor)
    page.goto(f"{biology.path}edit/")
    at_first, later = page.evaluate(
        """() => {
          const button = document.createElement("button")
          button.className = "button"
          button.disabled = true
          document.querySelector("#main").append(button)
          const at_first = getComputedStyle(button).opacity
          for (const change of button.getAnimations()) change.finish()
          return [at_first, getComputedStyle(button).opacity]
        }"""
    )

    assert (float(at_first), float(later) < 1) == (1, True)


def is_marked(button):
    expect(button).to_have_attribute("aria-busy", "true", timeout=2500)
    drawn = button.evaluate("(button) => getComputedStyle(button, '::after').borderBottomStyle")
    assert drawn == "solid"


def test_a_part_of_a_page_that_takes_long_marks_its_button_until_the_answer_comes(open_page, biology):
    page = open_page()
    lock = page.get_by_role("button", name="Lock now")
    before = lock.bounding_box()
    lock.click(no_wait_after=True)
    is_marked(lock)
    assert lock.bounding_box() == before
    expect(page.locator("[aria-busy]")).to_have_count(1)

    sees_the_code(page, "locked")
    expect(page.locator("[aria-busy]")).to_have_count(0)
    assert JoinCode.objects.get_current(biology).state == "locked"


def test_so_does_a_whole_page_and_its_form_works_again_when_somebody_comes_back(open_page):
    """A browser may keep the page as it was left, and show it again without loading it."""
    page = open_page("edit/")
    save = page.locator("main form button.button--main")
    # What happens on the page meanwhile is read on the next one, because nobody can ask a page that is being left.
    save.evaluate("""(button) => {
        setTimeout(() => {
            sessionStorage.before = button.ariaBusy
            dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }))
            sessionStorage.after = button.ariaBusy
        }, 1500)
    }""")
    save.click()
    sees(page, "Lock now")

    assert page.evaluate("[sessionStorage.before, sessionStorage.after]") == ["true", "null"]


@pytest.mark.fault("F33")
def test_the_mark_goes_if_the_answer_is_lost(open_browser, biology, ms_okafor):
    page = open_browser(ms_okafor, is_watched=False)
    page.goto(biology.path)

    def lose(route):
        page.wait_for_timeout(3000)
        route.abort()

    page.route("**/code/lock/", lose)
    lock = page.get_by_role("button", name="Lock now")
    lock.click(no_wait_after=True)
    is_marked(lock)
    sees(page, "No answer came")
    expect(lock).not_to_have_attribute("aria-busy", "true")


@pytest.mark.rule("Q2")
def test_an_act_on_many_says_what_is_being_done(open_page, biology):
    for _ in range(51):
        ask_by_join_url(biology.join_url, by=StudentFactory())
    page = open_page("requests/")
    note = "(button) => setTimeout(() => { sessionStorage.said = button.textContent.trim() }, 1500)"
    for name, says, then in (
        ("Let in all 51", "Letting in 51 people…", "Let in 51 people"),
        ("Undo all", "Putting them back…", "waiting again: "),
    ):
        button = page.get_by_role("button", name=name)
        expect(button).to_be_enabled()
        button.evaluate(note)
        button.click()
        sees(page, then)
        assert page.evaluate("sessionStorage.said") == says


def test_a_quick_answer_marks_nothing(open_page):
    page = open_page()
    page.route("**/code/lock/", lambda route: route.fulfill(status=204))
    with page.expect_response("**/code/lock/"):
        page.get_by_role("button", name="Lock now").click()
    page.wait_for_timeout(500)

    assert page.evaluate("marks") == 0


@pytest.mark.parametrize(("motion", "moves"), [("reduce", "none"), ("no-preference", "busy")])
def test_the_mark_moves_only_for_those_who_want_it(open_page, motion, moves):
    page = open_page()
    page.emulate_media(reduced_motion=motion, forced_colors="active")
    lock = page.get_by_role("button", name="Lock now")
    lock.click(no_wait_after=True)
    is_marked(lock)

    assert lock.evaluate("(button) => getComputedStyle(button, '::after').animationName") == moves
    sees_the_code(page, "locked")
