"""If somebody was logged out, or somebody else logged in, since a page was opened, what was typed there comes back."""

import re
from html.parser import HTMLParser
from itertools import product
from urllib.parse import quote

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.test import Client

from tests.factories import PASSWORD, MembershipFactory, created_with_code_of
from tests.hooks import alerts, hooks, page_text
from tests.tables import tables

pytestmark = [pytest.mark.django_db, pytest.mark.engine_free]
OURS = {"origin": "http://testserver"}
LOG_IN, LOG_OUT = "/accounts/login/", "/accounts/logout/"
PASSWORD_AGAIN = "/accounts/reauthenticate/"
LOGGED_OUT = (
    "You've been logged out here, so nothing has been changed or saved. What you typed is still below."
)
EXPIRED = "This page has expired, so nothing has been changed or saved."


class Fields(HTMLParser):
    """What the browser would send from a page's main form."""

    def __init__(self, page):
        super().__init__()
        self.sent, self._is_in, self._text_of, self._choice_of = {}, False, None, None
        self.feed(page.content.decode())

    def handle_starttag(self, tag, attributes):
        field = dict(attributes)
        if tag == "form":
            self._is_in = field.get("class") == "form"
        is_off = field.get("type") in ("checkbox", "radio") and "checked" not in field
        if tag == "input" and self._is_in and not is_off:
            self.sent[field["name"]] = field.get("value", "on" if field["type"] == "checkbox" else "")
        if tag == "button" and self._is_in and "name" in field:
            self.sent[field["name"]] = ""
        if tag == "select":
            self._choice_of = field["name"]
        if tag == "option" and self._is_in and "selected" in field:
            self.sent[self._choice_of] = field["value"]
        self._text_of = field.get("name") if tag == "textarea" and self._is_in else None

    def handle_data(self, data):
        if self._text_of:
            self.sent[self._text_of] = data.removeprefix("\n")  # HTML leaves out the first line break
            self._text_of = None


class Tab:
    """A tab in which a form is being filled in. Its browser checks from which site a press comes."""

    def __init__(self, browser, path):
        self.browser, self.path = browser, path
        self.page = browser.get(path)

    def press(self, **typed):
        fields = Fields(self.page).sent | typed
        self.page = self.browser.post(self.path, fields, headers=OURS)
        return self.page


@pytest.fixture
def browser(ms_okafor):
    browser = Client(enforce_csrf_checks=True)
    log_in_in_a_tab(browser, "okafor")
    return browser


def log_in_in_a_tab(browser, name):
    tab = Tab(browser, LOG_IN)
    assert tab.press(login=name, password=PASSWORD).status_code == 302


def log_out(browser):
    assert Tab(browser, LOG_OUT).press().status_code == 302


def forget_cookies(browser):
    browser.cookies.clear()


def end_session(browser):
    Session.objects.all().delete()


@pytest.fixture
def forms(biology, biology_code, amara):
    """The forms that come back: path, typed values, and whether they were sent already."""
    created_with_code_of(biology, amara)
    MembershipFactory(classroom=biology, user=amara)
    classes = type(biology).objects
    return {
        "create": (
            "/classes/new/",
            {"name": "Chess", "kind": "group", "subject": "Games", "hides_members": "on"},
        )
        + (lambda: classes.filter(name="Chess", kind="group", subject="Games", hides_members=True).exists(),),
        "edit": (f"{biology.path}edit/", {"name": "Bio 9C", "grade": "Year 9", "colour": "blue"})
        + (lambda: classes.filter(name="Bio 9C", grade="Year 9", colour="blue").exists(),),
        "note": (f"{biology.path}note/", {"note": "Bring a leaf.\nAnd a jar."})
        + (lambda: classes.filter(note="Bring a leaf.\nAnd a jar.").exists(),),
        "name": (f"{biology.path}members/amara/name/", {"first_name": "Amára", "last_name": "Touré"})
        + (lambda: type(amara).objects.filter(first_name="Amára", last_name="Touré").exists(),),
        "profile": (
            "/accounts/profile/",
            {"first_name": "Ada", "last_name": "Obi", "time_zone": "Europe/Oslo"},
        )
        + (
            lambda: (
                type(amara)
                .objects.filter(first_name="Ada", last_name="Obi", time_zone="Europe/Oslo")
                .exists()
            ),
        ),
        "email": ("/accounts/email/", {"email": "ada@school.example"})
        + (
            lambda: EmailAddress.objects.filter(email="ada@school.example", user__username="okafor").exists(),
        ),
        "list": (f"{biology.path}list/", {"names": "Ana López\nBen Lee"}, lambda: False),
        "code": ("/join/", {"code": "zzz zzz zzz"}, lambda: False),
        "password": ("/accounts/password/reset/", {"email": "okafor@school.example"}, lambda: False),
    }


FORMS = ["create", "edit", "note", "name", "profile", "email", "list", "code", "password"]
OF_PEOPLE = ["create", "edit", "note", "name"]  # the people who are logged in
OF_ACCOUNTS = ["profile", "email"]  # they change the account of the person who is logged in
WAYS = {
    "ended": [end_session],
    "logged out": [log_out],
    "logged out and in": [log_out, lambda browser: log_in_in_a_tab(browser, "okafor")],
    "somebody else": [log_out, lambda browser: log_in_in_a_tab(browser, "lind")],
    "cookies gone": [forget_cookies],
}
WAYS_OF_ONE_PERSON = [way for way in WAYS if way != "somebody else"]


def shows(page, typed):
    fields = Fields(page).sent
    return {name: fields.get(name) for name in typed} == typed


@pytest.mark.rule("J11")
@pytest.mark.threat("T61", "T65")
@pytest.mark.parametrize(
    ("form", "way"), [*product(OF_PEOPLE, WAYS), *product(OF_ACCOUNTS, WAYS_OF_ONE_PERSON)]
)
def test_all_that_was_typed_comes_back_and_is_done_after_the_next_log_in(browser, forms, form, way):
    """Even if it's pressed twice. Nothing happens before the press beside a name."""
    path, typed, is_done = forms[form]
    tab = Tab(browser, path)
    for step in WAYS[way]:
        step(browser)
    is_in = get_user(browser).is_authenticated
    before = tables()

    for _ in range(2):
        page = tab.browser.post(path, Fields(tab.page).sent | typed, headers=OURS)
        assert (page.status_code, shows(page, typed), is_done()) == (403, True, False)
        assert "no-store" in page.headers["Cache-Control"]
    assert tables() == before
    tab.page = page
    if not is_in:
        assert alerts(page)[0] == LOGGED_OUT
        log_in_in_a_tab(browser, "okafor")
        tab.press()
    name = "Jonas Lind (lind)" if way == "somebody else" else "Ngozi Okafor (okafor)"
    assert f"You're logged in as {name} now." in alerts(tab.page)[0]
    assert shows(tab.page, typed)
    assert not is_done()

    assert tab.press().status_code == 302
    if tab.page["Location"].startswith(PASSWORD_AGAIN):  # a new email address is saved after that
        Tab(browser, tab.page["Location"]).press(password=PASSWORD)
    assert is_done()


@pytest.mark.parametrize("form", ["code", "password"])
def test_a_form_for_everybody_comes_back_without_a_log_in(forms, form, ms_okafor, biology):
    path, typed, _ = forms[form]
    browser = Client(enforce_csrf_checks=True)
    tab = Tab(browser, path)
    forget_cookies(browser)

    page = tab.press(**typed)
    assert (page.status_code, shows(page, typed)) == (403, True)
    assert alerts(page)[0].startswith(EXPIRED)

    assert tab.press().status_code == (422 if form == "code" else 302)


@pytest.mark.rule("J11")
@pytest.mark.threat("T49")
def test_a_code_typed_before_another_log_in_names_who_joins(browser, forms, biology_code, leo):
    log_out(browser)
    tab = Tab(browser, "/join/")
    log_in_in_a_tab(browser, "leo")

    page = tab.press(code=biology_code().code)

    assert "You're logged in as Leo Park (leo) now." in alerts(page)[0]
    assert not leo.memberships.exists()
    tab.press()
    assert leo.memberships.exists()


@pytest.mark.threat("T61")
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("headers", [{}, {"origin": "null"}, {"origin": "https://evil.example"}])
def test_no_other_site_puts_words_into_a_form_of_ours(browser, forms, form, headers):
    """A browser that doesn't say where the press comes from gets the short answer too."""
    path, typed, _ = forms[form]

    page = browser.post(path, typed, headers=headers)

    assert (page.status_code, Fields(page).sent) == (403, {})
    assert next(iter(typed.values())) not in page_text(page)


@pytest.mark.threat("T53")
@pytest.mark.parametrize("path", ["/accounts/profile/", "/accounts/email/", "/accounts/password/change/"])
@pytest.mark.parametrize("is_pressed_before", [False, True])
def test_what_belongs_to_one_account_is_not_offered_to_another(browser, mr_lind, path, is_pressed_before):
    """Mr Lind's press would give his account her address or her name, and he would read what she has typed."""
    tab = Tab(browser, path)
    typed = {"first_name": "Zora", "email": "zora@school.example", "password1": "the moon is far"}
    log_out(browser)
    if is_pressed_before:
        typed |= Fields(tab.press(**typed)).sent
    log_in_in_a_tab(browser, "lind")

    page = tab.press(**typed)

    assert page.status_code == 403
    assert re.findall("Zora|zora@|the moon", page.content.decode()) == []


@pytest.mark.threat("T53")
def test_nor_is_what_does_not_say_whose_it_is(browser, ms_okafor):
    log_out(browser)
    log_in_in_a_tab(browser, "okafor")

    for sender in ["", "1", str(ms_okafor.pk), "ö"]:
        typed = {"first_name": "Zora", "opened_by": sender}
        page = browser.post("/accounts/profile/", typed, headers=OURS)
        assert (page.status_code, "Zora" in page.content.decode()) == (403, False)


@pytest.mark.parametrize("button", ["action_send", "action_remove"])
def test_a_button_beside_an_address_sends_nothing_that_was_typed(browser, button):
    tab = Tab(browser, "/accounts/email/")
    log_out(browser)

    page = browser.post(tab.path, {"email": "ada@school.example", button: ""}, headers=OURS)

    assert Fields(page).sent == {}


OTHERS = ["/accounts/profile/", "/classes/{id}/leave/", "/classes/{id}/code/reset/", "/j/{key}/"]


@pytest.fixture
def press_on(biology):
    """press_on(browser, path, before) -> the path, and the answer to its page's button, pressed after before()."""

    def press(browser, path, before):
        path = path.format(id=biology.public_id, key=biology.join_url.key)
        tab = Tab(browser, path)
        before()
        answer = browser.post(
            path, Fields(tab.page).sent, headers=OURS | {"referer": f"http://testserver{path}"}
        )
        return path, answer

    return press


@pytest.mark.rule("J11")
@pytest.mark.threat("T61")
@pytest.mark.parametrize("path", OTHERS)
def test_what_does_not_come_back_says_who_is_logged_in_and_leads_back_to_its_page(browser, press_on, path):
    def change_people():
        log_out(browser)
        log_in_in_a_tab(browser, "lind")

    path, page = press_on(browser, path, change_people)

    assert page.status_code == 403
    assert alerts(page) == [
        "You're logged in as Jonas Lind (lind) now. This page is older than that log-in, so nothing has been "
        "changed or saved."
    ]
    assert path in hooks(page, "href")
    assert "Not logged in?" not in page_text(page)


@pytest.mark.rule("J11")
def test_what_does_not_come_back_after_a_log_out_leads_to_the_log_in_and_back(browser, press_on, biology):
    path, page = press_on(browser, "/classes/{id}/leave/", lambda: forget_cookies(browser))

    assert alerts(page) == ["You've been logged out here, so nothing has been changed or saved."]
    assert f"/accounts/login/?next={quote(path, safe='')}" in hooks(page, "href")


@pytest.mark.rule("J11", "J6")
def test_the_page_of_a_join_url_that_has_expired_leads_back_to_itself(press_on):
    browser = Client(enforce_csrf_checks=True)
    path, page = press_on(browser, "/j/{key}/", lambda: forget_cookies(browser))

    assert alerts(page) == ["This page has expired, so nothing has been changed or saved."]
    assert path in hooks(page, "href")


@pytest.mark.threat("T51")
@pytest.mark.parametrize(
    "referer",
    [
        "https://evil.example/j/",
        "//evil.example/",
        "javascript:alert(1)",
        "",
        # Of our own site, but without its name they would lead to another one.
        "http://testserver//evil.example/j/",
        "http://testserver///evil.example/j/",
        "http://testserver/\\evil.example/j/",
    ],
)
def test_it_leads_to_no_other_site(browser, referer):
    page = browser.post("/accounts/profile/", headers=OURS | {"referer": referer})

    assert page.status_code == 403
    assert "evil" not in page.content.decode()
    assert "javascript:" not in page.content.decode()


@pytest.mark.rule("J10")
def test_a_press_of_htmx_gets_no_page_into_its_place(browser, biology):
    log_out(browser)

    page = browser.post("/classes/new/", {"name": "Chess"}, headers=OURS | {"hx-request": "true"})

    assert "Chess" not in page.content.decode()


@pytest.mark.parametrize("path", [LOG_IN, "/accounts/signup/student/", "/accounts/signup/teacher/"])
def test_a_browser_that_has_forgotten_its_cookies_loses_no_log_in_and_no_sign_up(db, path):
    browser = Client(enforce_csrf_checks=True)
    tab = Tab(browser, path)
    forget_cookies(browser)

    page = tab.press(login="grace", first_name="grace", password="plain words", password1="plain words")

    assert "keeps no cookies" in alerts(page)[0]
    assert ("grace" in hooks(page, "value"), "plain words" in page.content.decode()) == (True, False)
