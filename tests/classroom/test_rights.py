"""Every cell of the table of rights (C2)."""

import re

import pytest

from tests.addresses import routes
from tests.classroom.addresses import ADDRESSES, PEOPLE, SHUT_IN_THE_ARCHIVE
from tests.hooks import asks_for_the_log_in
from tests.tables import tables, undone

pytestmark = [pytest.mark.rule("C2"), pytest.mark.engine_free]

NO_SUCH_CLASS = "aaaabbbbcccc"
OUTSIDERS = ["a teacher", "a student", "who waits", "who is kept out"]
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]


@pytest.fixture
def browser_of(everybody, sign_in):
    return lambda person: sign_in(everybody[person])


def _same(answer):
    """All of the answer but what is random, such as the masked token of a form."""
    headers = {name: value for name, value in answer.headers.items() if name != "X-Request-ID"}
    return answer.status_code, re.sub(rb"\b\w{64}\b", b"", answer.content), headers


def _answers(browser, classroom):
    """The status at each address, each of them asked as if it were the first."""
    answers = {}
    for address in ADDRESSES:
        with undone():
            answers[str(address)] = address.ask(browser, classroom).status_code
    return answers


@pytest.mark.threat("T72")
@pytest.mark.parametrize("person", PEOPLE)
def test_each_member_may_what_the_table_says(person, biology, browser_of):
    says = {str(address): address.answers[person] for address in ADDRESSES}

    assert _answers(browser_of(person), biology) == says


@pytest.mark.rule("C4")
def test_an_archived_class_turns_no_key_and_answers_nobody(biology, ms_okafor, browser_of):
    biology.archive(by=ms_okafor)
    says = {
        str(address): 409
        if (address.name, address.method) in SHUT_IN_THE_ARCHIVE
        else address.answers["owner"]
        for address in ADDRESSES
    }

    assert _answers(browser_of("owner"), biology) == says


def test_who_lacks_the_right_changes_nothing(biology, browser_of):
    browsers = {person: browser_of(person) for person in PEOPLE}
    before = tables()

    for address in ADDRESSES:
        for person in (person for person, status in address.answers.items() if status == 403):
            address.ask(browsers[person], biology)
        assert tables() == before, address


@pytest.mark.threat("T02", "T04", "T05", "T11", "T12")
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

    assert {name for name, route, _ in routes() if "<str:public_id>" in route} == listed
