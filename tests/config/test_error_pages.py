"""Error pages need no database. Without the `db` fixture any query fails the test."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import OperationalError
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client

from config import views
from tests.factories import ClassroomFactory, MembershipFactory
from tests.hooks import alerts, hooks, page_text

pytestmark = pytest.mark.threat("T76")

PAGES = sorted(
    page.name for page in Path(settings.BASE_DIR, "templates").glob("*.html") if page.name[0] in "45"
)


def test_an_unknown_page(client):
    answer = client.get("/no/such/page/")

    assert answer.status_code == 404
    assert b"<h1>" in answer.content


def test_a_form_without_its_token():
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "amara"})

    assert answer.status_code == 403
    assert b"<h1>" in answer.content


@pytest.mark.parametrize(("fault", "status"), [(ValueError, 500), (OperationalError, 503)])
def test_a_database_that_is_away_is_no_fault_of_ours(rf, fault, status):
    try:
        raise fault
    except fault:
        answer = views.server_error(rf.get("/"))

    assert answer.status_code == status
    assert ("Retry-After" in answer.headers) is (status == 503)


@pytest.mark.parametrize("name", PAGES)
def test_every_error_page_says_what_to_do_and_leads_on(name):
    """The page is rendered without a request, so it has to suit people who are logged in and people who are not."""
    page = HttpResponse(render_to_string(name))

    (sentence,) = alerts(page)
    heading = re.search("<h1>(.*?)</h1>", page.content.decode())[1]
    assert len(sentence) > len(heading) > 5
    assert {"/", "/join/", "/accounts/login/"} <= set(hooks(page, "href"))


@pytest.mark.rule("C2", "J11")
def test_a_class_that_is_gone_for_somebody_says_so_and_who_is_logged_in(biology, amara, leo, sign_in):
    """The page is the same for a class that they were never in, and for one that never existed."""
    MembershipFactory(classroom=biology, user=amara)
    browser = sign_in(amara)
    browser.post(f"{biology.path}leave/")

    left = browser.get(biology.path)

    assert alerts(left)[0].startswith("If this was your class, you're not in it now, or it was deleted.")
    assert "You're logged in as Amara Toure (amara). Not you? Log out" in page_text(left)
    assert "Not logged in?" not in page_text(left)
    assert {"/", "/accounts/logout/"} <= set(hooks(left, "href"))
    of_another = browser.get(ClassroomFactory().path)
    of_none = browser.get(f"/classes/{uuid4()}/")
    assert (of_another.status_code, of_none.status_code) == (404, 404)
    assert page_text(of_another) == page_text(of_none) == page_text(left)


@pytest.mark.rule("J11")
@pytest.mark.parametrize(
    ("path", "status"), [("{}code/reset/", 403), ("/join/forget/", 405), ("/none/", 404)]
)
def test_an_error_page_says_who_is_logged_in(biology, amara, amaras_browser, path, status):
    MembershipFactory(classroom=biology, user=amara)

    answer = amaras_browser.get(path.format(biology.path))

    assert answer.status_code == status
    assert "You're logged in as Amara Toure (amara)" in page_text(answer)


def test_an_error_page_asks_whoever_is_not_logged_in_to_log_in(client):
    answer = client.get("/no/such/page/")

    assert "Not logged in? Log in" in page_text(answer)


@pytest.mark.rule("J5")
def test_the_address_of_a_button_opened_as_a_page(client):
    """Nothing happens, and the page says so."""
    answer = client.get("/join/forget/")

    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert alerts(answer)[0].startswith("This address only works behind a button")
    assert "/" in hooks(answer, "href")
