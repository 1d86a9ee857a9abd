"""What browsers and search engines are told. test_http_sweep.py has the headers of every answer."""

import json
import re
from html import unescape

import pytest
from django.urls import reverse

pytestmark = pytest.mark.engine_free


@pytest.mark.django_db
def test_search_engines_may_read_that_a_page_is_not_for_them(client):
    """test_http_sweep.py has the header that says so."""
    assert client.get("/robots.txt").content == b"User-agent: *\nDisallow:\n"


@pytest.mark.threat("T62")
def test_logging_out_leaves_nothing_for_the_next_child(amaras_browser):
    assert "Clear-Site-Data" not in amaras_browser.get(reverse("account_logout")).headers

    answer = amaras_browser.post(reverse("account_logout"))

    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'


@pytest.mark.threat("T62", "T45")
@pytest.mark.django_db
def test_htmx_keeps_no_page_and_runs_nothing_that_it_is_sent(amaras_browser):
    page = amaras_browser.get("/").content.decode()
    told = json.loads(unescape(re.search(r"""name="htmx-config"\s+content='([^']*)'""", page)[1]))

    safe = {"historyCacheSize": 0, "includeIndicatorStyles": False, "allowEval": False}
    assert told.items() >= (safe | {"allowScriptTags": False, "selfRequestsOnly": True}).items()
