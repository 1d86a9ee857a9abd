"""Odd ids, keys, pages and words in addresses lead to a page or a 404, never to a 500."""

import pytest

from joins.acts.ask import ask_by_join_url
from tests.factories import MembershipFactory
from tests.hooks import alerts
from tests.tables import tables

pytestmark = [pytest.mark.threat("T68"), pytest.mark.engine_free]

NUMBERS = ["0", "999999", "9" * 18, "9" * 19, "9" * 400, "9" * 5_000, "-1", "1.5", "two", "%D9%A3", "1%20"]
WORDS = ["a" * 2_000, "%F0%9F%98%80", "..", "%2e%2e%2f", "%E2%80%AE", "%25", "'%20OR%201=1--", "%ff"]


@pytest.fixture
def browser_of(request, biology, amara, leo, sign_in):
    MembershipFactory(classroom=biology, user=amara)
    ask_by_join_url(biology.join_url, by=leo)
    return lambda person: sign_in(request.getfixturevalue(person))


@pytest.mark.threat("T12")
@pytest.mark.parametrize(
    "address",
    [
        "/requests/{}/withdraw/",
        "/requests/{}/undo/",
        "/requests/{}/let-in/",
        "/notifications/{}/",
        "/j/{}/",
        "/invitations/{}/",
        "{biology}invite/{}/cancel/",
        "/classes/{}/",
        "/classes/{}/members/",
        "{biology}members/{}/remove/",
        "{biology}members/{}/co-teacher/",
        "{biology}kept-out/{}/let-back/",
    ],
)
def test_what_is_not_there_is_not_found(address, biology, browser_of):
    browser = browser_of("ms_okafor")
    before = tables()

    for odd in NUMBERS + WORDS:
        path = address.replace("{biology}", biology.path).format(odd)
        assert browser.post(path).status_code in (404, 405), path[:80]
        assert browser.get(path).status_code in (404, 405), path[:80]
    assert tables() == before


@pytest.mark.threat("T02", "T12")
def test_other_peoples_requests_and_notifications_are_not_there(biology, leo, browser_of):
    asked, told = biology.join_requests.get(), biology.owner.notifications.get()
    others = [browser_of(person) for person in ("amara", "mr_brandt", "ms_okafor")]
    before = tables()

    for browser in others:
        assert browser.post(f"/requests/{asked.pk}/withdraw/").status_code == 404
    for browser in others[:2]:
        assert browser.get(f"/notifications/{told.pk}/").status_code == 404
        assert browser.post(f"/notifications/{told.pk}/").status_code == 404
    assert tables() == before


@pytest.mark.parametrize("page", ["members/", "kept-out/", "history/", "requests/", ""])
def test_odd_pages_show_a_page_that_is_there(page, biology, browser_of):
    browser = browser_of("ms_okafor")

    for odd in NUMBERS + WORDS:
        assert browser.get(f"{biology.path}{page}?page=1&page={odd}").status_code == 200, odd[:80]


@pytest.mark.parametrize("field", ["q", "part", "sort"])
def test_an_odd_place_in_the_list_of_members_shows_the_list(field, biology, browser_of):
    browser = browser_of("ms_okafor")

    for odd in NUMBERS + WORDS:
        assert browser.get(f"{biology.path}members/?{field}={odd}").status_code == 200, odd[:80]
        answer = browser.post(f"{biology.path}members/nobody/co-teacher/?{field}={odd}")
        assert answer.status_code in (404, 409), odd[:80]


@pytest.mark.parametrize("field", ["join_code", "who", "since", "pick", "q", "seen"])
def test_odd_words_in_the_address_of_a_leak(field, biology, browser_of):
    browser = browser_of("ms_okafor")

    for odd in NUMBERS + WORDS:
        answer = browser.get(f"{biology.path}code/leaked/?who=pick&{field}={odd}")
        assert answer.status_code == 200 or alerts(answer), odd[:80]


@pytest.mark.parametrize(
    "address", ["/?page={}", "/?archived={}", "/notifications/?page={}", "/waiting/?v={}", "/waiting/?in={}"]
)
def test_odd_numbers_on_ones_own_pages(address, browser_of):
    browser = browser_of("amara")

    for odd in NUMBERS + WORDS:
        assert browser.get(address.format(odd)).status_code == 200, odd[:80]
