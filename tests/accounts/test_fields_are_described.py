"""Every field on every page tells password managers and phones what it is; a page with an error says so first."""

import re
from html.parser import HTMLParser

import pytest
from django.test import override_settings

from tests.browser.school import open_school
from tests.hooks import page_text

pytestmark = pytest.mark.engine_free

TYPED = {"text", "email", "password", "search", "number", "url", "tel"}
PURPOSES = {  # name of a field -> what it is, wherever it is the person's own
    "login": "username",
    "username": "username",
    "password": "current-password",
    "oldpassword": "current-password",
    "password1": "new-password",
    "password2": "new-password",
    "email": "email",
    "first_name": "given-name",
    "last_name": "family-name",
}
NO_CAPITALS = {"username", "email", "current-password", "new-password", "one-time-code"}
# On these pages a name or a username is not the person's own, or must be typed and not filled in.
OF_SOMEBODY_ELSE = re.compile(r"/members/|/transfer/|/invite/|/data/delete/")


class Fields(HTMLParser):
    def __init__(self, answer):
        super().__init__()
        self.found = []
        self.feed(answer.content.decode())

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "textarea" or tag == "input" and attrs.get("type", "text") != "hidden":
            self.found.append(attrs | {"tag": tag, "type": attrs.get("type", "text")})


def faults_of(path, field):
    purpose = field.get("autocomplete")
    if field["type"] in {"checkbox", "radio", "submit"}:
        return
    if not purpose:
        yield "autocomplete"
    if (
        field.get("name") in PURPOSES
        and purpose != PURPOSES[field.get("name")]
        and not OF_SOMEBODY_ELSE.search(path)
    ):
        yield f"autocomplete={purpose}"
    if field.get("name") == "code" and purpose not in {"off", "one-time-code"}:
        yield f"autocomplete={purpose}"
    if field["type"] in TYPED and field["tag"] == "input":
        if field.get("spellcheck") != "false":
            yield "spellcheck"
        if field.get("enterkeyhint") not in {"go", "next", "search"}:
            yield "enterkeyhint"
    if purpose in NO_CAPITALS and field.get("autocapitalize") != "none":
        yield "autocapitalize"
    if field["type"] in {"email", "number"} and not field.get("inputmode"):
        yield "inputmode"


@pytest.mark.parametrize("person", [None, "ms_okafor", "amara"])
def test_every_field_of_every_page_says_what_it_is(request, everywhere, client, sign_in, person):
    browser = sign_in(request.getfixturevalue(person)) if person else client
    seen, wrong = set(), []
    for path in everywhere:
        for field in Fields(browser.get(path)).found:
            seen.add(field.get("name"))
            wrong += [f"{path}: {field.get('name')} {fault}" for fault in faults_of(path, field)]

    assert sorted(set(wrong)) == []
    assert seen >= ({"name", "q", "note"} if person == "ms_okafor" else {"code"})


@pytest.mark.django_db
def test_so_does_every_field_on_the_way_in():
    """Codes from mails and from the phone, new passwords, and all that only one kind of person sees."""
    seen, wrong = set(), []
    for person in open_school():
        with override_settings(**person.settings):
            for path in (
                path for path in person.starts if not path.startswith("/admin/")
            ):  # Django's own pages
                for field in Fields(person.browser.get(path, follow=True)).found:
                    seen.add(field.get("autocomplete"))
                    wrong += [
                        f"{person.name}, {path}: {field.get('name')} {fault}"
                        for fault in faults_of(path, field)
                    ]

    assert sorted(set(wrong)) == []
    assert seen >= {"one-time-code", "new-password", "current-password", "username", "email", "off"}


def focused(answer):
    return [field.get("name") for field in Fields(answer).found if "autofocus" in field]


def title(answer):
    return re.search("<title>(.*?)</title>", answer.content.decode())[1]


@pytest.mark.django_db
def test_the_focus_goes_to_the_first_field_that_is_wrong_and_the_title_says_so(client):
    answer = client.post(
        "/accounts/signup/teacher/", {"first_name": "Ada", "email": "ada", "password1": "short"}
    )

    assert focused(answer) == ["email"]
    assert title(answer) == "Error: Sign up as a teacher · Homeroom"
    assert "Please fix this:" in page_text(answer)
    assert '<a href="#id_email">Email</a>:' in answer.content.decode()


@pytest.mark.django_db
def test_with_one_field_too(client):
    answer = client.post("/join/", {"code": "BDK"})

    assert focused(answer) == ["code"]
    assert title(answer) == "Error: Join a class · Homeroom"


@pytest.mark.django_db
def test_an_error_of_the_whole_form_has_the_focus_itself(client):
    answer = client.post("/accounts/login/", {"login": "nobody", "password": "wrong words"})

    assert focused(answer) == []
    assert '<div class="errors" role="alert" tabindex="-1" autofocus>' in answer.content.decode()
    assert title(answer).startswith("Error: ")


@pytest.mark.django_db
def test_without_an_error_nothing_is_focused_and_the_title_is_the_pages(client):
    answer = client.get("/accounts/signup/teacher/")

    assert (focused(answer), title(answer)) == ([], "Sign up as a teacher · Homeroom")


def test_an_act_that_was_refused_is_in_the_title_too(biology, ms_okafor, okafors_browser):
    biology.archive(by=ms_okafor)

    answer = okafors_browser.post(f"{biology.path}code/lock/")

    assert answer.status_code == 409
    assert title(answer) == "Error: Biology 9B · Homeroom"
