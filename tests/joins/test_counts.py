"""How every page's header says that people wait."""

import re
from html import unescape

import pytest

from joins.acts.ask import ask_by_join_url
from tests.factories import ClassroomFactory, StudentFactory
from tests.hooks import hooks

pytestmark = pytest.mark.rule("Q1")


def test_how_many_wait_shows_on_every_page_of_the_manager(
    sign_in, biology, url, amara_waits, leo_waits, amara, linds_browser
):
    for path in (
        "/",
        biology.path,
        url("members/"),
        url("history/"),
        "/notifications/",
        "/accounts/profile/",
    ):
        assert hooks(linds_browser.get(path), "data-waiting") == ["2"], path
    assert hooks(sign_in(amara).get("/"), "data-waiting") == []


def test_the_count_leads_to_the_queue_itself_where_only_one_class_has_one(
    sign_in, biology, url, amara_waits, leo_waits, leo, mr_lind
):
    """With a second queue it leads to the home page, which lists both."""

    def leads_to():
        page = sign_in(mr_lind).get("/notifications/").content.decode()
        return re.search(r'href="([^"]*)" data-waiting', page)[1]

    chess = ClassroomFactory(by=mr_lind)
    assert leads_to() == url("requests/")
    ask_by_join_url(chess.join_url, by=leo)
    assert leads_to() == "/"
    chess.archive(by=mr_lind)
    assert leads_to() == url("requests/")
    biology.archive(by=biology.owner)
    assert leads_to() == "/"


def title(answer):
    return unescape(re.search("<title>(.*?)</title>", answer.content.decode())[1])


def test_the_title_begins_with_how_many_wait_also_without_a_script(
    sign_in, url, amara_waits, leo_waits, biology, amara, linds_browser
):
    assert title(linds_browser.get(biology.path)) == "(2) Biology 9B · Homeroom"
    assert title(linds_browser.get("/notifications/")) == "(2) Notifications · Homeroom"
    assert title(sign_in(amara).get("/")) == "My classes · Homeroom"


@pytest.mark.usefixtures("amara_waits")
def test_an_error_comes_before_the_number_and_the_board_shows_none(url, linds_browser):
    """The whole class sees the board."""
    refused = linds_browser.post(url("requests/decide/"), {"decision": "approve"})

    assert title(refused) == "Error: Approval queue · Biology 9B · Homeroom"
    assert title(linds_browser.get(url("board/"))) == "Biology 9B on the board · Homeroom"


def tab(answer):
    """What the tab of the approval queue says."""
    found = re.search(r'/requests/"[^>]*>\s*<svg.*?</svg>(.*?)</a>', answer.content.decode(), re.DOTALL)
    return " ".join(re.sub("<[^>]*>", "", found[1]).split())


def test_the_tab_says_how_many_wait_in_this_class(sign_in, biology, url, amara_waits, leo, mr_lind):
    """Not in the other class, whose queue the header counts too."""
    chess = ClassroomFactory(by=mr_lind)
    for person in (StudentFactory(), leo):
        ask_by_join_url(chess.join_url, by=person)
    browser = sign_in(mr_lind)

    assert tab(browser.get(biology.path)) == tab(browser.get(url("history/"))) == "Approval queue (1)"
    assert tab(browser.get(chess.path)) == "Approval queue (2)"
    assert hooks(browser.get(chess.path), "data-waiting") == ["3"]
    chess.archive(by=mr_lind)
    assert tab(browser.get(chess.path)) == "Approval queue"
