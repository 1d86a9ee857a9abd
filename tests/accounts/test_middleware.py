"""What happens to every request, and where the log-in page leads."""

import pytest

from tests.hooks import alerts

pytestmark = [pytest.mark.django_db, pytest.mark.threat("T40"), pytest.mark.engine_free]
FORM = "application/x-www-form-urlencoded"


def test_signed_out_one_logs_in_and_comes_back(client):
    answer = client.get("/notifications/?page=2")

    assert answer["Location"] == "/accounts/login/?next=/notifications/%3Fpage%3D2"


def test_an_act_pressed_after_the_session_ended_leads_back_to_its_page(client):
    page = {"referer": "http://testserver/notifications/"}

    answer = client.post("/notifications/read/", headers=page)

    assert answer["Location"] == "/accounts/login/?next=/notifications/"


@pytest.mark.rule("J10")
@pytest.mark.parametrize("htmx", [{}, {"hx-request": "true"}])
def test_an_act_pressed_after_the_session_ended_is_told_to_have_done_nothing(client, htmx):
    """The log-in page alone would leave people guessing whether their press had any effect."""
    answer = client.post("/notifications/read/", headers=htmx)

    page = client.get(answer.headers.get("HX-Redirect") or answer["Location"])
    assert alerts(page) == [
        "You've been logged out here, so nothing has been changed or saved. Log in, then try again."
    ]


@pytest.mark.threat("T51")
def test_another_sites_page_is_nowhere_to_come_back_to(client):
    answer = client.post("/notifications/read/", headers={"referer": "https://evil.example/notifications/"})

    assert answer["Location"] == "/accounts/login/?next=/"


@pytest.mark.threat("T51")
@pytest.mark.parametrize(
    ("page", "back"),
    [
        ("http://testserver/notifications/?page=2", "/notifications/%3Fpage%3D2"),
        ("https://evil.example/", "/"),
    ],
)
def test_a_fragment_of_a_page_sends_the_whole_page_to_log_in(client, page, back):
    answer = client.get("/notifications/", headers={"hx-request": "true", "hx-current-url": page})

    assert answer["HX-Redirect"] == f"/accounts/login/?next={back}"


@pytest.mark.threat("T75")
def test_json_is_no_second_way_in(client, ms_okafor):
    answer = client.post("/accounts/login/", {"login": "okafor"}, headers={"accept": "application/json"})

    assert answer.status_code == 422
    assert answer["Content-Type"].startswith("text/html")
