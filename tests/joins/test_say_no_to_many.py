"""A page asks before a manager says no to several people who are ticked (Q9)."""

import re

import pytest

from joins.models import JoinRequest
from tests.hooks import hooks, page_text

pytestmark = pytest.mark.rule("Q9")


@pytest.fixture
def press_ticked(sign_in, url, ms_okafor):
    """press_ticked("deny", requests) -> the answer to the button below the list."""

    def press(decision, join_requests, **more):
        ids = [join_request.pk for join_request in join_requests]
        fields = {"decision": decision, "request": ids, "ask_first": "on"}
        return sign_in(ms_okafor).post(url("requests/decide/?page=1"), fields, **more)

    return press


def test_the_page_names_five_and_counts_the_others(press_ticked, fill_queue):
    asked = fill_queue(7)
    page = press_ticked("deny", asked, follow=True)

    assert "Say no to 7 people?" in page_text(page)
    assert [join_request.name in page_text(page) for join_request in asked] == [True] * 5 + [False] * 2
    assert "and 2 more" in page_text(page)
    assert JoinRequest.objects.pending().count() == 7


def test_its_button_says_no_to_all_of_them(press_ticked, sign_in, url, fill_queue, ms_okafor):
    asked = fill_queue(7)
    page = press_ticked("deny", asked, follow=True)
    (decide,) = [each for each in hooks(page, "action") if "/decide/" in each]
    assert decide == url("requests/decide/?page=1")

    ids = [join_request.pk for join_request in asked]
    answer = sign_in(ms_okafor).post(decide, {"decision": "deny", "request": ids}, follow=True)
    assert "Said no to 7 people" in page_text(answer)
    assert JoinRequest.objects.filter(status="denied").count() == 7


def test_htmx_is_led_to_the_page(press_ticked, url, fill_queue):
    answer = press_ticked("deny", fill_queue(2), headers={"HX-Request": "true"})

    assert answer.headers["HX-Redirect"].startswith(url("requests/say-no/?request="))
    assert JoinRequest.objects.pending().count() == 2


def test_cancel_leads_back_to_the_queue_with_the_same_ticks(
    press_ticked, sign_in, url, fill_queue, ms_okafor
):
    first, second, _ = fill_queue(3)
    page = press_ticked("deny", [first, second], follow=True)
    (cancel,) = [each for each in hooks(page, "href") if "request=" in each]

    queue = sign_in(ms_okafor).get(cancel).content.decode()
    boxes = re.findall(r'<input[^>]+name="request"[^>]+value="(\d+)"[^>]+autocomplete[^>]+>', queue)
    ticked = re.findall(r'name="request"\s+value="(\d+)"\s+autocomplete="off"\s+checked', queue)
    assert len(boxes) == 3
    assert ticked == [str(first.pk), str(second.pk)]


@pytest.mark.parametrize(("decision", "how_many"), [("deny", 1), ("approve", 2)])
def test_nobody_is_asked_about_one_or_about_letting_in(press_ticked, fill_queue, decision, how_many):
    press_ticked(decision, fill_queue(how_many))

    assert not JoinRequest.objects.pending().exists()


@pytest.mark.parametrize("query", ["", "?request=x", "?request=999999"])
def test_without_anybody_who_waits_there_is_no_question(sign_in, url, ms_okafor, query):
    answer = sign_in(ms_okafor).get(url(f"requests/say-no/{query}"))

    assert (answer.status_code, answer.url) == (302, url("requests/"))


@pytest.mark.threat("T01")
def test_the_page_names_nobody_of_another_class(sign_in, url, physics, leo_waits, mr_brandt):
    answer = sign_in(mr_brandt).get(f"{physics.path}requests/say-no/?request={leo_waits.pk}")

    assert answer.status_code == 302
