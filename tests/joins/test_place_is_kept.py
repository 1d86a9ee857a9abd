"""An act in a list returns to the page of the list and to the search where the button was pressed."""

import pytest

from joins.acts.ask import ask_by_join_url
from tests.factories import MembershipFactory, StudentFactory, TeacherFactory
from tests.hooks import alerts, hooks

pytestmark = [pytest.mark.rule("J10"), pytest.mark.engine_free]

SEARCH = "?q=R%26D+%3F&page=1"


@pytest.fixture
def brandt(biology):
    """A teacher who is a plain member, whose name has characters that an address must escape."""
    user = TeacherFactory(username="brandt", first_name="R", last_name="D")
    return MembershipFactory(classroom=biology, user=user)


@pytest.fixture
def found(brandt, ms_okafor, sign_in, url):
    """found() -> Ms Okafor's browser, and her search in the list of members."""
    browser = sign_in(ms_okafor)
    return lambda: (browser, browser.get(url(f"members/{SEARCH}")))


def leads(answer, act):
    """The one address on the page that does this act or asks about it."""
    (address,) = [each for each in hooks(answer, "action") + hooks(answer, "href") if f"/{act}/" in each]
    return address


def test_a_change_of_role_comes_back_to_the_row_in_the_search(found, brandt, url):
    browser, members = found()
    place = url(f"members/{SEARCH}#member-{brandt.user_id}")
    assert browser.post(leads(members, "co-teacher")).headers["Location"] == place

    _, members = found()
    assert browser.post(leads(members, "member")).headers["Location"] == place


def test_so_does_removing_somebody_and_thinking_better_of_it(found, brandt, url):
    browser, members = found()
    asked = leads(members, "remove")

    assert url(f"members/{SEARCH}#member-{brandt.user_id}") in hooks(browser.get(asked), "href")
    assert browser.post(asked).headers["Location"] == url(f"members/{SEARCH}")


def test_a_refused_act_shows_the_search_again(found, brandt):
    """The person has left meanwhile."""
    browser, members = found()
    brandt.leave()

    answer = browser.post(leads(members, "co-teacher"))

    assert alerts(answer) == ["This person is no longer in the class."]
    assert "R&D ?" in hooks(answer, "value")


def test_so_does_the_page_of_a_queue_where_no_script_runs(biology, ms_okafor, sign_in, url):
    for _ in range(52):
        ask_by_join_url(biology.join_url, by=StudentFactory())
    browser = sign_in(ms_okafor)
    queue = browser.get(url("requests/?page=2"))
    decide = next(action for action in hooks(queue, "action") if action.startswith(url("requests/decide/")))

    one = {"request": hooks(queue, "data-request")[0], "decision": "approve"}
    assert browser.post(decide, one).headers["Location"] == url("requests/?page=2")
    refused = browser.post(decide, {"decision": "approve"})
    assert hooks(refused, "data-page") == ["2"]
    (previous,) = [address for address in hooks(refused, "href") if "page=1" in address]
    assert hooks(browser.get(previous), "data-page") == ["1"]
