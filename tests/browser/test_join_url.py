"""Asking to join by the Join URL, with an account and while still creating one."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.hands import follow, is_at, log_in, press, sees, sees_the_pop_up, write
from tests.factories import PASSWORD, ClassroomFactory
from tests.mailbox import code_in_the_mail

pytestmark = [pytest.mark.browser, pytest.mark.rule("J3", "J6")]
MR_BRANDT = {"First name": "Felix", "Last name": "Brandt", "Email": "b@home.example", "Password": PASSWORD}
GRACE = {"First name": "Grace", "Last name": "Tan", "Username": "grace", "Password": "plain words"}


@pytest.fixture
def ask_to_join(open_browser, biology):
    """ask_to_join(user) -> their page after pressing "Ask to join" at the Join URL of Biology 9B."""

    def ask(user=None):
        page = open_browser(user)
        page.goto(biology.join_url.path)
        sees(page, "Biology 9B", "Ngozi Okafor")
        press(page, "Ask to join")
        return page

    return ask


def shows_the_pop_up_once(page, biology):
    """As promised: "they will see a pop-up that says they have requested to join the Class/Group" (J6, Q4)."""
    sees_the_pop_up(page, "Biology 9B")
    expect(page.locator(f'[data-pending="{biology.public_id}"]')).to_contain_text(
        "Ngozi Okafor or Jonas Lind"
    )
    page.reload()
    expect(page.locator("[data-pending]")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_who_is_logged_in_asks_and_sees_the_pop_up_once(ask_to_join, biology, amara):
    page = ask_to_join(amara)

    shows_the_pop_up_once(page, biology)
    assert biology.join_requests.get().door == "join-url"  # although the Code is unlocked (J3)


def test_asking_is_remembered_through_log_in(ask_to_join, biology, amara):
    """ "Join URLs can be used whether a user has an existing account or still needs to create one" """
    page = ask_to_join()
    log_in(page, "amara")

    shows_the_pop_up_once(page, biology)


def test_asking_is_remembered_through_a_teachers_sign_up(ask_to_join, biology):
    page = ask_to_join()
    page.get_by_role("main").get_by_role("link", name="Sign up").click()
    follow(page, "Sign up as a teacher")
    write(page, MR_BRANDT)
    press(page, "Create my account")

    shows_the_pop_up_once(page, biology)


def test_asking_is_remembered_until_the_e_mail_address_is_verified(ask_to_join, biology, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
    page = ask_to_join()
    page.goto("/accounts/signup/teacher/")
    write(page, MR_BRANDT)
    press(page, "Create my account")

    sees(page, "A mail with a code went to")
    assert not biology.join_requests.exists()
    write(page, {"Code": code_in_the_mail()})
    press(page, "Confirm my address")

    sees_the_pop_up(page, "Biology 9B")


@pytest.mark.rule("J7")
def test_a_student_cannot_sign_up_by_join_url_alone_and_the_code_of_the_class_decides(
    ask_to_join, biology, biology_code
):
    """ "Join URLs cannot be used to sign-up" """
    page = ask_to_join()
    page.get_by_role("main").get_by_role("link", name="Sign up").click()
    follow(page, "Sign up with a Code")
    sees(page, "You're asking to join Biology 9B.", "you also need a class Code")
    write(page, GRACE | {"Code": biology_code().in_threes})
    press(page, "Create my account")

    is_at(page, biology.path)
    sees(page, "You're in Biology 9B.")
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.rule("J7")
def test_with_the_code_of_another_class_the_student_is_in_that_one_and_waits_here(
    ask_to_join, mr_brandt, biology
):
    chemistry = ClassroomFactory(name="Chemistry 9A", by=mr_brandt)
    page = ask_to_join()
    page.goto("/accounts/signup/student/")
    write(page, GRACE | {"Code": chemistry.join_codes.get().code})
    press(page, "Create my account")

    is_at(page, chemistry.path)
    sees_the_pop_up(page, "Biology 9B")


@pytest.mark.rule("J4", "J5")
def test_looking_at_a_join_url_asks_nothing_and_tells_nothing_else(open_browser, biology, biology_code):
    page = open_browser()
    page.goto(biology.join_url.path)
    page.reload()

    sees(page, "Ask to join")
    assert not biology.join_requests.exists()
    content = page.content()
    assert biology_code().code not in re.sub(r"\W", "", content)
    assert "Lind" not in content


@pytest.mark.rule("J8")
def test_who_is_in_already_reads_so_and_goes_to_the_class(open_browser, biology, ms_okafor):
    page = open_browser(ms_okafor)
    page.goto(biology.join_url.path)
    sees(page, "You're in this class.")
    follow(page, "Go to Biology 9B")

    is_at(page, biology.path)
