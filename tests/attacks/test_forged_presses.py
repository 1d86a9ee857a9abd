"""Another site's page submits a form in the browser of somebody who is logged in."""

import pytest
from django.conf import settings
from django.test import Client

from tests.factories import PASSWORD
from tests.tables import tables

pytestmark = [pytest.mark.threat("T61"), pytest.mark.engine_free]

LOG_IN = "/accounts/login/"


@pytest.fixture
def victim(client, everywhere, ms_okafor):
    """A browser that checks CSRF tokens as in real life, and its token."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ms_okafor)
    browser.get("/accounts/profile/")
    return browser


def token_of(browser):
    return browser.cookies[settings.CSRF_COOKIE_NAME].value


@pytest.mark.threat("T36")
@pytest.mark.parametrize(
    ("has_token", "headers"),
    [
        (False, {}),
        (False, {"origin": "http://testserver"}),
        (True, {"origin": "null"}),
        (True, {"origin": "https://evil.example"}),
        (True, {"origin": "http://testserver.evil.example"}),
        (True, {"origin": "http://testserver:81"}),
        (True, {"origin": "https://evil.example", "hx-request": "true"}),
    ],
)
def test_no_press_from_elsewhere_counts_at_any_address(victim, everywhere, has_token, headers):
    """Without the token, and with the Origin header of another site or of none."""
    fields = {"csrfmiddlewaretoken": token_of(victim)} if has_token else {}
    before = tables()

    statuses = {path: victim.post(path, fields, headers=headers).status_code for path in everywhere}

    assert {path for path, status in statuses.items() if status != 403} == set()
    assert tables() == before


@pytest.mark.parametrize("origin", ["null", "https://evil.example"])
def test_nobody_is_logged_in_as_somebody_else(ms_okafor, origin):
    """Otherwise a child would go on working in the attacker's account."""
    browser = Client(enforce_csrf_checks=True)
    browser.get(LOG_IN)
    fields = {"login": "okafor", "password": PASSWORD, "csrfmiddlewaretoken": token_of(browser)}

    assert browser.post(LOG_IN, fields, headers={"origin": origin}).status_code == 403
    assert browser.post(LOG_IN, fields, headers={"origin": "http://testserver"}).status_code == 302


def test_the_token_of_another_browser_is_none(victim):
    other = Client(enforce_csrf_checks=True)
    other.get(LOG_IN)

    answer = victim.post("/notifications/read/", {"csrfmiddlewaretoken": token_of(other)})

    assert answer.status_code == 403


@pytest.mark.threat("T74")
@pytest.mark.parametrize("name", ["SESSION_COOKIE_SAMESITE", "CSRF_COOKIE_SAMESITE"])
def test_other_sites_send_no_cookie_with_a_press(name):
    assert getattr(settings, name) == "Lax"
