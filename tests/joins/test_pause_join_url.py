"""A manager can pause a Join URL where too many people ask. Its address stays the same."""

import pytest

from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from joins.exceptions import AskingPaused
from tests.hooks import alerts, hooks

pytestmark = pytest.mark.threat("T33")

PAUSED = (
    "Nobody can ask to join Biology 9B just now: its teachers have paused that. Try again another day. "
    "If you have the Code, you can still join with it."
)


@pytest.fixture
def paused(join_url, ms_okafor):
    join_url.pause(by=ms_okafor)


def test_nobody_can_ask_while_it_is_paused(join_url, paused, sign_in, amara, biology):
    answer = sign_in(amara).post(join_url.path)

    assert (answer.status_code, alerts(answer)) == (409, [PAUSED])
    assert not biology.join_requests.exists()


@pytest.mark.rule("J1", "J2")
def test_the_code_works_as_ever(paused, biology, biology_code, amara, leo, ms_okafor):
    assert use_code(biology_code().code, by=amara).is_member
    biology_code().lock(by=ms_okafor)

    assert use_code(biology_code().code, by=leo).join_request.status == "pending"


@pytest.mark.rule("J8")
def test_who_waits_goes_on_waiting(amara_waits, paused, join_url, amara, decide, biology, ms_okafor):
    assert ask_by_join_url(join_url, by=amara) == amara_waits
    decide(ms_okafor, "approve", amara_waits)

    assert biology.memberships.filter(user=amara).exists()


@pytest.mark.rule("J4")
def test_resumed_it_is_the_same_address_and_asks_again(paused, join_url, amara, ms_okafor):
    key = join_url.key
    join_url.resume(by=ms_okafor)
    join_url.refresh_from_db()

    assert (join_url.key, ask_by_join_url(join_url, by=amara).status) == (key, "pending")


@pytest.mark.threat("T31")
def test_paused_between_looking_and_pressing(join_url, biology, amara, ms_okafor):
    """The transaction that asks reads it again."""
    seen_before = type(join_url).objects.get(pk=join_url.pk)
    join_url.pause(by=ms_okafor)

    with pytest.raises(AskingPaused):
        ask_by_join_url(seen_before, by=amara)


def test_the_door_says_so_and_has_the_way_back(url, biology, okafors_browser):
    paused = okafors_browser.post(url("join-url/pause/"), follow=True)
    again = okafors_browser.post(url("join-url/resume/"), headers={"HX-Request": "true"})

    assert "data-paused" in paused.content.decode()
    assert url("join-url/resume/") in hooks(paused, "action")
    assert "data-paused" not in again.content.decode()
