"""Who joined today, by which door and when, while they still come."""

import pytest

from joins.acts.by_code import use_code
from tests.clock import time_passes
from tests.factories import StudentFactory
from tests.hooks import hooks

pytestmark = pytest.mark.threat("T30")

HTMX = {"HX-Request": "true"}


@pytest.fixture
def today(sign_in, url, ms_okafor):
    """today() -> the page. today(v="…") -> what an open page gets that has seen that version."""
    browser = sign_in(ms_okafor)

    def got(v=None):
        return (
            browser.get(url("today/"), headers={})
            if v is None
            else browser.get(url("today/"), {"v": v}, headers=HTMX)
        )

    return got


@pytest.mark.rule("J9")
def test_everybody_who_came_in_by_a_door_the_first_to_come_first(
    today, amara_joined, biology, biology_code, leo_waits, decide, ms_okafor
):
    decide(ms_okafor, "approve", leo_waits)

    page = today()

    assert hooks(page, "data-door") == ["code", "code", "join-url"]
    assert hooks(page, "data-member") == ["lind", "amara", "leo"]
    assert page.content.decode().count(biology_code().in_threes) == 3  # in the total, and beside two of them


def test_neither_the_owner_who_opened_it_nor_who_came_yesterday(today, amara_joined):
    time_passes(days=1)

    page = today()

    assert hooks(page, "data-member") == []
    assert "Nobody has joined today." in page.content.decode()


def test_a_manager_who_came_today_is_shown_without_the_way_back(today, biology, url):
    page = today()

    assert hooks(page, "data-member") == ["lind"]
    assert url("members/lind/move-to-queue/") not in page.content.decode()


def test_an_open_page_gets_nothing_until_somebody_comes_or_goes(
    today, amara_joined, biology, biology_code, leo, count_queries
):
    """Three statements: session with user, membership, and exactly one more."""
    version = today().context["version"]
    with count_queries(3):
        assert today(v=version).status_code == 204

    use_code(biology_code().code, by=leo)
    came = today(v=version)
    biology.memberships.get(user=leo).leave()
    left = today(v=came.context["version"])

    assert (came.status_code, hooks(came, "data-member")) == (200, ["lind", "amara", "leo"])
    assert (left.status_code, hooks(left, "data-member")) == (200, ["lind", "amara"])


def test_one_gone_and_another_come_is_a_change_too(today, amara_joined, biology, biology_code, amara, leo):
    version = today().context["version"]
    biology.memberships.get(user=amara).leave()
    use_code(biology_code().code, by=leo)

    assert today(v=version).status_code == 200


def test_the_part_is_a_part_and_polls_on(today, amara_joined):
    page = today(v="old").content.decode()

    assert "<html" not in page
    assert "data-poll" in page


@pytest.mark.parametrize("how_many", [1, 40])
def test_the_page_costs_the_same_for_one_and_for_forty(
    sign_in, url, biology_code, ms_okafor, count_queries, how_many
):
    for _ in range(how_many):
        use_code(biology_code().code, by=StudentFactory())
    browser = sign_in(ms_okafor)

    with count_queries(5):
        browser.get(url("today/"))
