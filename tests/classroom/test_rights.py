"""Every cell of the table of rights (C2)."""

import pytest
from django.urls import get_resolver

from tests.classroom.addresses import ADDRESSES, PEOPLE, SHUT_IN_THE_ARCHIVE
from tests.hooks import asks_for_the_log_in
from tests.tables import tables

pytestmark = pytest.mark.rule("C2")

NO_SUCH_CLASS = "aaaabbbbcccc"
OUTSIDERS = ["a teacher", "a student", "who waits", "who is kept out"]
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]


@pytest.fixture
def browser_of(everybody, sign_in):
    return lambda person: sign_in(everybody[person])


def _same(answer):
    headers = {name: value for name, value in answer.headers.items() if name != "X-Request-ID"}
    return answer.status_code, answer.content, headers


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("address", ADDRESSES, ids=str)
def test_each_member_may_what_the_table_says(address, person, biology, browser_of):
    assert address.ask(browser_of(person), biology).status_code == address.answers[person]


@pytest.mark.rule("C4")
@pytest.mark.parametrize("address", ADDRESSES, ids=str)
def test_an_archived_class_turns_no_key_and_answers_nobody(address, biology, ms_okafor, browser_of):
    biology.archive(by=ms_okafor)
    is_shut = (address.name, address.method) in SHUT_IN_THE_ARCHIVE

    answer = address.ask(browser_of("owner"), biology)

    assert answer.status_code == (409 if is_shut else address.answers["owner"])


def test_who_lacks_the_right_changes_nothing(biology, browser_of):
    browsers = {person: browser_of(person) for person in PEOPLE}
    before = tables()

    for address in ADDRESSES:
        for person in (person for person, status in address.answers.items() if status == 403):
            address.ask(browsers[person], biology)
        assert tables() == before, address


@pytest.mark.threat("T05", "T11", "T12")
@pytest.mark.parametrize("outsider", OUTSIDERS)
def test_a_stranger_cannot_tell_a_class_from_none(outsider, biology, browser_of):
    """Not even somebody who waits for it or is blocked from it."""
    browser = browser_of(outsider)
    before = tables()

    for address in ADDRESSES:
        answer = address.ask(browser, biology)
        assert answer.status_code == 404, address
        assert _same(answer) == _same(address.ask(browser, biology, public_id=NO_SUCH_CLASS)), address
    assert tables() == before


@pytest.mark.threat("T13")
def test_signed_out_the_log_in_comes_first(biology, everybody, client):
    before = tables()

    for address in ADDRESSES:
        for public_id in (biology.public_id, NO_SUCH_CLASS):
            answer = address.ask(client, biology, public_id)
            assert asks_for_the_log_in(answer), address
    assert tables() == before


@pytest.mark.rule("J5")
@pytest.mark.threat("T40")
def test_an_address_answers_its_own_methods_only(biology, browser_of):
    """GET and HEAD never change anything."""
    browser = browser_of("owner")
    before = tables()

    for address in ADDRESSES:
        its_own = {other.method: other.answers["owner"] for other in ADDRESSES if other.name == address.name}
        its_own["HEAD"] = its_own.get("GET", 405)
        for method in METHODS:
            if method != "POST" or "POST" not in its_own:
                answer = address.ask(browser, biology, method=method)
                assert answer.status_code == its_own.get(method, 405), (address, method)
    assert tables() == before


def test_every_address_of_a_class_has_its_row():
    listed = {address.name for address in ADDRESSES}

    assert {name for name, route in _routes(get_resolver()) if "<str:public_id>" in route} == listed


def _routes(resolver, namespace="", before=""):
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            inner = f"{pattern.namespace}:" if getattr(pattern, "namespace", None) else namespace
            yield from _routes(pattern, inner, route)
        else:
            yield f"{namespace}{pattern.name}", route
