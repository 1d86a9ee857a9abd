"""A teacher puts two accounts of one student together (L5)."""

import pytest

from tests.browser.eyes import faults_of
from tests.browser.hands import is_at, press, sees
from tests.factories import StudentFactory, created_with_code_of

pytestmark = [pytest.mark.browser, pytest.mark.rule("L5")]


@pytest.fixture
def twin(biology, is_in, amara):
    """Amara's second account, in the class with the first."""
    is_in(amara)
    twin = StudentFactory(username="amara2", first_name="Amara", last_name="Toure")
    created_with_code_of(biology, twin)
    is_in(twin)
    return twin


def test_from_the_menu_of_the_newer_account_and_undone(open_browser, biology, ms_okafor, twin):
    page = open_browser(ms_okafor)
    page.goto(f"{biology.path}members/")
    page.locator(f"#member-{twin.pk} summary").click()
    page.locator(f"#member-{twin.pk}").get_by_text("Put both accounts together…").click()
    sees(page, "Do both accounts belong to Amara Toure?")
    assert faults_of(page) == []

    press(page, "Put both together")
    sees(page, "Amara Toure has one account now")
    assert faults_of(page) == []
    page.wait_for_timeout(2_000)  # a new button under the pointer takes no press for two seconds (J10)
    press(page, "Undo")

    sees(page, "Amara Toure can log in as amara2 again.")
    twin.refresh_from_db()
    assert twin.is_active


@pytest.mark.rule("J10")
def test_the_second_press_of_a_double_click_undoes_nothing(open_browser, biology, ms_okafor, twin):
    page = open_browser(ms_okafor)
    page.goto(f"{biology.path}members/amara2/fold/")

    page.get_by_role("button", name="Put both together").dblclick()

    sees(page, "Amara Toure has one account now")
    page.wait_for_timeout(500)
    is_at(page, f"{biology.path}members/amara2/fold/")
    twin.refresh_from_db()
    assert not twin.is_active
