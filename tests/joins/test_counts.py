"""How every page's header says that people wait."""

import re

import pytest

from joins.acts.ask import ask_by_join_url
from tests.factories import ClassroomFactory
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
