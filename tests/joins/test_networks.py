"""Which addresses share a limit."""

import pytest

from joins import networks
from joins.models import Guess
from tests.joins.guessing import browser_at, guessed_from, sign_up, wrong_codes


@pytest.mark.threat("T20")
@pytest.mark.parametrize(
    ("address", "network", "wider"),
    [
        ("192.0.2.1", "192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("2001:DB8:1:2::1", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/64", "fe80::/48"),
        ("::1", "::/64", "::/48"),
        ("no address", "no address", "no address"),
    ],
)
def test_the_network_of_an_address(address, network, wider):
    assert networks.of_address(address) == (network, wider)


@pytest.mark.threat("T20")
@pytest.mark.django_db
def test_rotating_within_a_64_is_one_network(biology_code):
    guessed_from([f"2001:db8:1:2::{number:x}" for number in range(60)])

    assert sign_up(browser_at("2001:db8:1:2::ffff"), biology_code().code).status_code == 429
    assert sign_up(browser_at("2001:db8:1:3::1"), biology_code().code).status_code == 302


@pytest.mark.threat("T20")
@pytest.mark.django_db
def test_rotating_within_a_48_has_a_wider_limit(biology_code):
    guessed_from([f"2001:db8:1:{number:x}::1" for number in range(240)])

    assert sign_up(browser_at("2001:db8:1:ffff::1"), biology_code().code).status_code == 429
    assert sign_up(browser_at("2001:db8:2::1"), biology_code().code).status_code == 302


@pytest.mark.threat("T19")
@pytest.mark.django_db
def test_only_as_many_hops_are_believed_as_there_are_proxies(settings):
    settings.TRUSTED_PROXIES = 1
    browser = browser_at("192.0.2.1")
    browser.defaults["HTTP_X_FORWARDED_FOR"] = "10.1.1.1, 203.0.113.9"

    sign_up(browser, wrong_codes(1)[0])

    assert Guess.objects.get().network == "203.0.113.9"
