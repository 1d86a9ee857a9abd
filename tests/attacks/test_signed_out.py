"""The complete list of pages that answer without a log-in."""

import re

import pytest

pytestmark = pytest.mark.engine_free

PUBLIC = {
    "/",
    "/healthz",
    "/readyz",
    "/robots.txt",
    "/privacy/",
    "/help/",
    "/join/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/signup/student/",
    "/accounts/signup/teacher/",
    "/accounts/inactive/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/done/",
    "/accounts/password/reset/key/1-KEY/",
    "/accounts/confirm-email/",
    "/accounts/confirm-email/KEY/",
    "/j/KEY/",
    "/invitations/KEY/",
}


@pytest.mark.threat("T13")
def test_only_these_pages_answer_somebody_unknown(everywhere, client, biology):
    """There is no feed, calendar, picture or file for which knowing the address is enough."""
    found = {
        re.sub("^/invitations/[^/]+", "/invitations/KEY", path.replace(biology.join_url.key, "KEY"))
        for path in everywhere
        if client.get(path).status_code == 200
    }

    assert found == PUBLIC
