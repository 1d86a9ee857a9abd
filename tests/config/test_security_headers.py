"""The headers of every answer, refusals included."""

import json
import re
from html import unescape

import pytest
from django.urls import reverse

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; "
    "frame-ancestors 'none'"
)


@pytest.mark.threat("T41", "T45", "T65", "T74", "T94")
@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/no/such/page/", "/healthz"])
def test_every_answer_carries_them(client, path):
    headers = client.get(path).headers

    assert headers["Content-Security-Policy"] == CSP
    assert headers["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert headers["Permissions-Policy"] == "camera=(), microphone=(), geolocation=(), browsing-topics=()"
    assert headers["Cross-Origin-Resource-Policy"] == headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
def test_only_the_landing_page_is_for_search_engines(client):
    assert "X-Robots-Tag" not in client.get("/").headers
    assert client.get("/accounts/login/").headers["X-Robots-Tag"] == "noindex"
    assert client.get("/robots.txt").content == b"User-agent: *\nDisallow:\n"


@pytest.mark.threat("T62")
def test_logging_out_leaves_nothing_for_the_next_child(amaras_browser):
    assert "Clear-Site-Data" not in amaras_browser.get(reverse("account_logout")).headers

    answer = amaras_browser.post(reverse("account_logout"))

    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'


@pytest.mark.threat("T62", "T45")
@pytest.mark.django_db
def test_htmx_keeps_no_page_and_runs_nothing_that_it_is_sent(client):
    page = client.get("/").content.decode()
    told = json.loads(unescape(re.search(r"""name="htmx-config"\s+content='([^']*)'""", page)[1]))

    safe = {"historyCacheSize": 0, "includeIndicatorStyles": False, "allowEval": False}
    assert told.items() >= (safe | {"allowScriptTags": False, "selfRequestsOnly": True}).items()
