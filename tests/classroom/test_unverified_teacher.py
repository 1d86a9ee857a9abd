"""Where mail is configured, teachers can't act as teachers until they have verified their address."""

import pytest
from django.contrib.auth import get_user

from tests.classroom.addresses import ADDRESSES
from tests.hooks import asks_for_the_log_in
from tests.log_in import log_in
from tests.tables import tables

pytestmark = [pytest.mark.threat("T53"), pytest.mark.engine_free]

OTHERS = [
    "/classes/new/",
    "/",
    "/join/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/profile/",
]


@pytest.fixture
def unverified(client, biology, everybody, ms_okafor, mail_server):
    """Ms Okafor's browser after the right password, while her address is unverified."""
    ms_okafor.emailaddress_set.update(verified=False)
    answer = log_in(client, "okafor")
    assert answer["Location"] == "/accounts/confirm-email/"
    return client


def test_no_act_in_a_class(unverified, biology):
    """Even though she owns it."""
    before = tables()

    for address in ADDRESSES:
        assert asks_for_the_log_in(address.ask(unverified, biology)), address
        assert tables() == before, address


def test_no_other_act_either(unverified):
    before = tables()

    for address in OTHERS:
        unverified.post(
            address,
            {"name": "Chess club", "kind": "group", "email": "thief@evil.example", "action_add": ""},
        )

        assert tables() == before, address
        assert not get_user(unverified).is_authenticated, address


def test_nor_by_another_code_than_the_mails(unverified):
    unverified.post("/accounts/confirm-email/", {"code": "AAAAAA"})

    assert not get_user(unverified).is_authenticated
