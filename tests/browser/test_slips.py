"""Slips in a real browser: on paper, eight to a page, and a camera that reads one."""

import pytest
from playwright.sync_api import expect

from classroom.acts import class_list
from joins.models import Slip
from tests.browser.eyes import is_faultless
from tests.browser.hands import press, sees
from tests.browser.pdf import pages_of
from tests.joins.conftest import LISTED

pytestmark = [pytest.mark.browser, pytest.mark.rule("L4")]

LONG = "Maria Aparecida " * 3 + "Cavalcanti Figueiredo " * 3


@pytest.fixture
def slips_page(page, biology, ms_okafor):
    """The page of slips: twenty names on the list, one of them as long as a name can be."""
    names = [*LISTED, LONG.strip()[:121], *(f"Pupil{letter} Lee" for letter in "ABCDEFGHIJKLMNOP")]
    class_list.keep(biology, names, by=ms_okafor)
    page.goto(f"{biology.path}slips/")
    return page


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_eight_to_a_page_and_only_those_that_are_unused(slips_page, amara, paper):
    press(slips_page, "Make 20 slips for those who are missing")
    sees(slips_page, "The slips are ready.")
    Slip.objects.filter(listed_name__name="Cem Kaya").update(used_at="2026-11-30T08:00Z", used_by=amara)
    slips_page.reload()

    sheets = pages_of(slips_page.pdf(format=paper))

    assert [sum(words.text == "Biology 9B" for words in sheet) for sheet in sheets] == [8, 8, 3]
    printed = " ".join(words.text for sheet in sheets for words in sheet)
    for slip in Slip.objects.unused().select_related("join_code"):
        assert slip.join_code.in_threes in printed
    for of_the_screen in ("Cem Kaya", "On paper", "Cancel", "My classes", "Make"):
        assert of_the_screen not in printed


def test_the_page_has_no_fault_whatever_became_of_the_slips(slips_page, amara, biology, ms_okafor):
    is_faultless(slips_page)
    press(slips_page, "Make 20 slips for those who are missing")
    sees(slips_page, "The slips are ready.")
    Slip.objects.filter(listed_name__name="Cem Kaya").update(used_at="2026-11-30T08:00Z", used_by=amara)
    slips_page.reload()
    sees(slips_page, "That isn't the name on the slip.")
    is_faultless(slips_page)
    slips_page.goto(f"{biology.path}list/")
    sees(slips_page, "That isn't the name on the slip.")
    is_faultless(slips_page)
    biology.archive(by=ms_okafor)
    slips_page.goto(f"{biology.path}slips/")
    sees(slips_page, "This class is archived.")
    is_faultless(slips_page)


@pytest.mark.rule("A3", "K10")
def test_a_camera_fills_in_the_code_and_one_person_gets_in(slips_page, open_browser, biology):
    press(slips_page, "Make 20 slips for those who are missing")
    code = Slip.objects.get(listed_name__name="Ana López").join_code.code
    first, second = open_browser(), open_browser()
    for page, name in ((first, "ana"), (second, "zed")):
        page.goto(f"/join/#{code}")
        page.get_by_role("button", name="Join").first.click()
        page.get_by_label("First name").fill(name.title())
        page.get_by_label("Username").fill(name)
        page.get_by_label("Password").first.fill("a large green chalkboard")
    for page in (first, second):
        press(page, "Create my account")

    sees(first, "You're in Biology 9B.")
    sees(second, "No open class has this Code.")
    slips_page.reload()
    sees(slips_page, "Slip used by Ana (ana)", "That isn't the name on the slip. Check who this is.")


def test_one_is_cancelled_with_one_press_and_all_with_two(slips_page):
    press(slips_page, "Make 20 slips for those who are missing")
    sees(slips_page, "The slips are ready.")
    row = slips_page.locator(".row").filter(has_text="Ben Müller")
    row.get_by_role("button", name="Cancel").click()
    sees(slips_page, "The slip is cancelled. Its Code no longer works.")
    expect(slips_page.locator(".slip")).to_have_count(19)
    slips_page.get_by_text("Cancel all 19 unused slips…").click()
    press(slips_page, "Cancel all unused slips")
    sees(slips_page, "All unused slips are cancelled.")
    expect(slips_page.locator(".slip")).to_have_count(0)
