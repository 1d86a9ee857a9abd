"""The links from page to page work, even on the answer to a refused act."""

import pytest

from joins.acts.ask import ask_by_join_url
from joins.models import JoinRequest
from tests.factories import StudentFactory
from tests.hooks import hooks

pytestmark = pytest.mark.rule("Q1")


@pytest.mark.rule("Q2")
def test_after_a_refused_act_the_next_page_is_still_to_be_had(sign_in, url, biology, ms_okafor):
    for _ in range(51):
        ask_by_join_url(biology.join_url, by=StudentFactory())
    browser = sign_in(ms_okafor)

    refused = browser.post(url("requests/decide/"), {"decision": "approve"})

    (following,) = [address for address in hooks(refused, "href") if "page=2" in address]
    assert hooks(browser.get(following), "data-request") == [str(JoinRequest.objects.latest("pk").pk)]
