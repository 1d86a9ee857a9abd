"""TRUSTED_PROXIES promises more proxies than there are. Nobody gets a 500, and the operator is told."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts import proxies
from accounts.adapter import AccountAdapter

pytestmark = [pytest.mark.django_db, pytest.mark.threat("T100"), pytest.mark.engine_free]


@pytest.fixture(autouse=True)
def _nothing_told_yet(monkeypatch):
    monkeypatch.setattr(proxies, "_logged_at", {})


@pytest.fixture
def two_promised(settings, client):
    """Two proxies are promised, but only one adds its address."""
    settings.TRUSTED_PROXIES = settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    client.defaults["HTTP_X_FORWARDED_FOR"] = "203.0.113.9"
    return client


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/accounts/login/", {"login": "amara", "password": "wrong"}),
        ("/accounts/password/reset/", {"email": "okafor@school.example"}),
        ("/accounts/signup/student/", {"code": "WRONGCODE", "username": "amara"}),
        ("/accounts/signup/teacher/", {"email": "okafor@school.example"}),
        ("/join/", {"code": "WRONGCODE"}),
    ],
)
def test_no_page_breaks_where_fewer_proxies_arrive_than_promised(two_promised, path, fields):
    two_promised.raise_request_exception = False

    assert two_promised.post(path, fields).status_code < 500


def test_a_code_typed_by_somebody_who_is_in_breaks_nothing_either(two_promised, amara):
    two_promised.force_login(amara)

    assert two_promised.post("/join/", {"code": "WRONGCODE"}).status_code < 500


def test_the_outermost_address_that_is_there_is_taken_by_us_and_by_allauth(rf, two_promised):
    request = rf.get("/", headers={"X-Forwarded-For": "203.0.113.9"})

    assert proxies.client_ip(request) == AccountAdapter(request).get_client_ip(request) == "203.0.113.9"


def test_the_log_and_readyz_tell_of_it_and_the_site_stays_ready(two_promised, caplog):
    assert two_promised.get("/readyz").json()["proxies"] is True

    for _ in range(3):
        two_promised.get("/accounts/login/")
    answer = two_promised.get("/readyz")

    told = [record.getMessage() for record in caplog.records if record.name == "homeroom.proxies"]
    assert told == [
        "TRUSTED_PROXIES is 2, but X-Forwarded-For names 1: set it to the number of proxies that there are."
    ]
    assert (answer.status_code, answer.json()["proxies"]) == (200, False)


@pytest.mark.threat("T19")
@pytest.mark.parametrize(
    ("promised", "header", "address"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "10.1.1.1, 203.0.113.9", "203.0.113.9"),
        (2, "10.1.1.1, 203.0.113.9, 192.0.2.1", "203.0.113.9"),
        (2, "10.1.1.1, 203.0.113.9", "10.1.1.1"),
        (3, " , 203.0.113.9", "203.0.113.9"),
        (2, " , ", "127.0.0.1"),
        (1, "203.0.113.9:5000", "203.0.113.9"),
        (1, "[2001:db8::1]:5000", "2001:db8::1"),
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
        (1, "[::ffff:203.0.113.9]:5000", "203.0.113.9"),
        (1, "2001:db8::1%status=200 address=192.0.2.1", "2001:db8::1"),
        (1, "[2001:db8::1%25eth0]:5000", "2001:db8::1"),
    ],
)
def test_as_many_hops_are_believed_as_there_are_proxies(rf, settings, promised, header, address):
    settings.TRUSTED_PROXIES = promised

    assert proxies.client_ip(rf.get("/", headers={"X-Forwarded-For": header})) == address


def test_what_is_no_address_is_refused(rf, settings):
    settings.TRUSTED_PROXIES = 1

    with pytest.raises(PermissionDenied):
        proxies.client_ip(rf.get("/", headers={"X-Forwarded-For": "address=203.0.113.9"}))


@pytest.mark.threat("T20", "T56")
def test_a_proxy_that_listens_on_ipv6_for_both_does_not_make_one_network_of_ipv4(settings, client, amara):
    """Otherwise five failures from anywhere would block the account's owner everywhere."""
    settings.TRUSTED_PROXIES = 1
    wrong = {"login": "amara", "password": "wrong password"}
    for _ in range(5):
        client.post("/accounts/login/", wrong, HTTP_X_FORWARDED_FOR="::ffff:203.0.113.9")

    assert client.post("/accounts/login/", wrong, HTTP_X_FORWARDED_FOR="::ffff:192.0.2.1").status_code == 422
    assert client.post("/accounts/login/", wrong, HTTP_X_FORWARDED_FOR="203.0.113.9").status_code == 429
