"""The host name localhost is always allowed, for health checks. Using it from outside gains nothing."""

import re
from urllib.parse import urlsplit

import pytest

from tests.mailbox import letters

pytestmark = pytest.mark.engine_free

OURS = "https://homeroom.example"
FORGED = "127.0.0.1"


@pytest.fixture(autouse=True)
def _our_own_name(settings):
    settings.SITE_URL = OURS


@pytest.mark.threat("T63")
def test_no_page_repeats_the_name_by_which_it_was_asked_for(everywhere, okafors_browser):
    answers = [okafors_browser.get(path, headers={"host": FORGED}) for path in everywhere]

    assert sum(answer.status_code == 200 for answer in answers) > 20
    assert [
        answer.request["PATH_INFO"]
        for answer in answers
        if FORGED in answer.headers.get("Location", "") or FORGED in b"".join(answer).decode()
    ] == []


@pytest.mark.threat("T63")
def test_a_mail_leads_to_the_site_whatever_it_was_called(client, ms_okafor):
    client.post("/accounts/password/reset/", {"email": ms_okafor.email}, headers={"host": FORGED})

    assert {urlsplit(link).netloc for link in re.findall(r"https?://\S+", letters()[-1].body)} == {
        "homeroom.example"
    }
