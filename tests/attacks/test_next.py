"""Every form with `next` leads on to that page, but never to another site, however the address is disguised."""

import pytest
from django.core.cache import cache
from django.test import Client

from tests.accounts.test_sign_up_teacher import ADA
from tests.factories import PASSWORD
from tests.joins.test_sign_up_with_code import GRACE

pytestmark = pytest.mark.engine_free

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "\t//evil.example/",
    " //evil.example/",
    "https:evil.example",
    "http:///evil.example/",
    "http://testserver@evil.example/",
    "http://testserver.evil.example/",
    "//testserver\\@evil.example/",
    "http://localhost:8000@evil.example/",
    "http://localhost:8001/",
    "javascript:alert(1)",
    "data:text/html,x",
    "http://[::1",
]
FORMS = {  # What is sent, and by whom.
    "/accounts/login/": ({"login": "okafor", "password": PASSWORD}, None),
    "/accounts/signup/teacher/": (ADA, None),
    "/accounts/signup/student/": (GRACE | {"code": "the Code", "somebody_else": "Grace Tan"}, None),
    "/accounts/reauthenticate/": ({"password": PASSWORD}, "ms_okafor"),
    "/accounts/logout/": ({}, "ms_okafor"),
    "/join/forget/": ({}, "ms_okafor"),
    "/first-steps/hide/": ({}, "ms_okafor"),
}


@pytest.fixture
def send(request, biology, biology_code, ms_okafor, sign_in):
    """send(path, next, where) -> the answer. `next` is sent in the query or among the fields."""

    def sent(path, following, where):
        cache.clear()
        fields, person = FORMS[path]
        fields = fields | ({"code": biology_code().code} if "code" in fields else {})
        browser = sign_in(request.getfixturevalue(person)) if person else Client()
        if where == "query":
            return browser.post(path, fields, query_params={"next": following})
        return browser.post(path, fields | {"next": following})

    return sent


@pytest.mark.threat("T51")
@pytest.mark.parametrize("where", ["query", "field"])
@pytest.mark.parametrize("path", FORMS)
def test_no_form_leads_to_another_site(send, path, where, django_user_model):
    for number, elsewhere in enumerate(ELSEWHERE):
        django_user_model.objects.filter(username="grace").update(username=f"grace{number}")
        django_user_model.objects.filter(email=ADA["email"]).delete()
        answer = send(path, elsewhere, where)
        assert answer.status_code == 302, (elsewhere, answer.status_code)
        assert answer["Location"].startswith("/"), elsewhere
        assert answer["Location"][1:2] not in ("/", "\\"), elsewhere


@pytest.mark.threat("T51")
@pytest.mark.parametrize("path", sorted(FORMS.keys() - {"/accounts/signup/student/"}))  # leads into the class
def test_every_form_leads_on_here(send, path):
    """This shows that the addresses above are refused for where they lead, and not for another reason."""
    assert send(path, "/notifications/", "field")["Location"] == "/notifications/"


@pytest.mark.threat("T68")
@pytest.mark.parametrize("ask", ["get", "post"])
def test_the_way_to_the_log_in_is_short_enough_for_a_proxy(db, client, ask):
    """Nginx refuses an answer whose head is over 4 kB, and then shows its own error page."""
    long = ("/accounts/profile/?" if ask == "get" else "/notifications/read/?") + "=" * 3000

    answer = getattr(client, ask)(long, headers={"Referer": f"http://testserver/{'=' * 3000}"})

    assert answer["Location"] == "/accounts/login/?next=/"
    short = client.get("/classes/new/?" + "=" * 400)
    assert short["Location"].startswith("/accounts/login/?next=/classes/new/")
