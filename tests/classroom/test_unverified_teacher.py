"""Where mail is configured, teachers can't act as teachers until they have verified their address."""

import pytest
from django.contrib.auth import get_user

from tests.classroom.addresses import ADDRESSES
from tests.hooks import asks_for_the_log_in
from tests.log_in import log_in
from tests.tables import tables

pytestmark = pytest.mark.threat("T53")

OTHERS = [
    "/classes/new/",
    "/",
    "/join/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/profile/",
]


@pytest.fixture
def unverified(client, biology, everybody, ms_okafor, settings):
    """Ms Okafor's browser after the right password, while her address is unverified."""
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
    ms_okafor.emailaddress_set.update(verified=False)
    answer = log_in(client, "okafor")
    assert answer["Location"] == "/accounts/confirm-email/"
    return client


@pytest.mark.parametrize("address", ADDRESSES, ids=str)
def test_no_act_in_a_class(unverified, biology, address):
    """Even though she owns it."""
    before = tables()

    assert asks_for_the_log_in(address.ask(unverified, biology))
    assert tables() == before


@pytest.mark.parametrize("address", OTHERS)
def test_no_other_act_either(unverified, address):
    before = tables()

    unverified.post(
        address, {"name": "Chess club", "kind": "group", "email": "thief@evil.example", "action_add": ""}
    )

    assert tables() == before
    assert not get_user(unverified).is_authenticated


def test_nor_by_another_code_than_the_mails(unverified):
    unverified.post("/accounts/confirm-email/", {"code": "AAAAAA"})

    assert not get_user(unverified).is_authenticated
