"""Browsers without scripts: a page that asks takes no press in its first two seconds if a press led there (J10)."""

from html.parser import HTMLParser

import pytest

from joins.models import JoinCode
from tests.browser.pages import MEMBER, OWNER
from tests.factories import MembershipFactory, StudentFactory, created_with_code_of
from tests.hooks import page_text

pytestmark = [pytest.mark.django_db, pytest.mark.rule("J10"), pytest.mark.engine_free]
NOTHING = "so nothing has happened"
# Nobody answers these by a second press: their answer has to be typed.
TYPED = {"privacy:delete_account"}


class Question(HTMLParser):
    """The heading of a page, and the last of its forms that sends something: its address and its hidden fields."""

    def __init__(self, page):
        super().__init__()
        self.heading, self.action, self.fields, self._is_heading = "", None, {}, False
        self.feed(page.content.decode().partition("<main")[2].partition("</main>")[0])

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self._is_heading = self._is_heading or tag == "h1"
        if tag == "form" and attributes.get("method") == "post":
            self.action, self.fields = attributes.get("action", ""), {}
        if tag == "button" or (tag == "input" and attributes.get("type") == "hidden"):
            self.fields |= {attributes["name"]: attributes.get("value", "")} if "name" in attributes else {}

    def handle_endtag(self, tag):
        self._is_heading = self._is_heading and tag != "h1"

    def handle_data(self, data):
        self.heading += data if self._is_heading else ""


@pytest.fixture
def older_account(db):
    return StudentFactory(first_name="Leo", last_name="Park")


@pytest.fixture
def known(biology, mr_lind, older_account, leo, amara_waits):
    """What stands for the names in braces in the addresses of pages. Leo has two accounts, and both are in."""
    grace = StudentFactory(username="grace")
    created_with_code_of(biology, leo)
    for user in (older_account, leo, grace):
        MembershipFactory(classroom=biology, user=user)
    return {"id": biology.public_id, "leo": leo.pk, "grace": grace.pk, "request": amara_waits.pk}


@pytest.fixture
def press_at_once(biology):
    """press_at_once(browser, path) -> the answer to the second press of a link that led here, or None: no question."""

    def press(browser, path):
        page = browser.get(path, headers={"referer": f"http://testserver{biology.path}"})
        question = Question(page)
        extends = {template.name for template in page.templates}
        if question.action is None:
            return None
        if not question.heading.strip().endswith("?") and "classroom/ask.html" not in extends:
            return None
        return browser.post(question.action or path, question.fields)

    return press


def pages_of(pages, known):
    needs = {"{key}", "{notification}", "{secret}"}
    return {name: a.format(**known) for name, a in pages.items() if not any(need in a for need in needs)}


def check(answers, biology, before):
    wrong = {
        name for name, page in answers.items() if page.status_code != 409 or NOTHING not in page_text(page)
    }
    assert wrong == set()
    assert biology.events.count() == before
    assert JoinCode.objects.get_current(biology).retired_at is None


def test_no_question_of_a_manager_is_answered_by_a_second_press(
    okafors_browser, biology, known, press_at_once
):
    before = biology.events.count()
    tried = {name: press_at_once(okafors_browser, path) for name, path in pages_of(OWNER, known).items()}
    answers = {name: page for name, page in tried.items() if page and name not in TYPED}

    assert set(answers) >= {
        "classroom:archive_class",
        "classroom:transfer_class",
        "classroom:remove_member",
        "classroom:remove_members",
        "classroom:make_co_teacher",
        "classroom:copy_class",
        "joins:move_members_to_queue",
        "joins:reset_code",
        "joins:report_leak",
        "joins:say_no",
        "joins:give_password",
        "joins:fold_account",
    }
    check(answers, biology, before)


def test_nor_in_an_archived_class(okafors_browser, ms_okafor, biology, known, press_at_once):
    biology.archive(by=ms_okafor)
    before = biology.events.count()

    check({"restore": press_at_once(okafors_browser, f"{biology.path}restore/")}, biology, before)


def test_nor_one_of_a_member(biology, known, leo, sign_in, press_at_once):
    before = biology.events.count()
    browser = sign_in(leo)
    tried = {name: press_at_once(browser, path) for name, path in pages_of(MEMBER, known).items()}
    answers = {name: page for name, page in tried.items() if page and name not in TYPED}

    assert "classroom:leave_class" in answers
    check(answers, biology, before)
