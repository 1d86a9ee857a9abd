"""Every address of a site on https, errors and static files included, has exactly the headers of the threat model."""

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client

from tests.config.conftest import SCHOOL
from tests.log_in import log_in

pytestmark = pytest.mark.engine_free

HOST = urlsplit(SCHOOL).netloc
ALWAYS = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; "
        "frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
}
PRIVATE = "max-age=0, no-cache, no-store, must-revalidate, private"
NEVER = {"Server", "X-Powered-By", "Access-Control-Allow-Origin"}
# Addresses of other sites to which a browser would go by itself or after a press.
ELSEWHERE = re.compile(
    rf"""(?:src|href|action|hx-\w+)=["']?(?:https?:)?//(?!{HOST})|url\(["']?(?:https?:)?//"""
)
BROKEN = {  # status: what causes it
    301: lambda browser: browser.get("/accounts/login"),
    400: lambda browser: browser.get("/", headers={"Host": "elsewhere.example"}),
    403: lambda browser: Client(enforce_csrf_checks=True, SERVER_NAME=HOST).post("/join/", secure=True),
    404: lambda browser: browser.get("/no/such/page/"),
    405: lambda browser: browser.put("/join/"),
    413: lambda browser: browser.post("/join/", {"code": "B" * 70_000}),
    422: lambda browser: browser.post("/join/", {"code": "BDK"}),
    429: lambda browser: [browser.post("/accounts/login/", WRONG_PASSWORD) for _ in range(6)][-1],
    500: lambda browser: browser.get("/broken/"),
    503: lambda browser: browser.get("/away/"),
}
WRONG_PASSWORD = {"login": "amara", "password": "not-hers-at-all"}


@pytest.fixture
def browser_of(request, school):
    """browser_of("amara") -> her browser, through a proxy with TLS. browser_of(None) is logged out."""

    def start(person, **options):
        browser = Client(raise_request_exception=False, SERVER_NAME=HOST, **options)
        browser.defaults["HTTP_X_FORWARDED_PROTO"] = "https"
        if person:
            browser.force_login(request.getfixturevalue(person))
        return browser

    return start


@pytest.fixture
def everywhere(everywhere):
    return [*everywhere, "/admin/", "/admin/accounts/user/", "/no/such/page/"]


def faults(path, answer):
    """What is wrong with this answer."""
    wrong = {name: answer.headers.get(name) for name in ALWAYS if answer.headers.get(name) != ALWAYS[name]}
    wrong |= {name: answer.headers[name] for name in NEVER & set(answer.headers)}
    if path.startswith("/static/") and answer.status_code == 200:
        wrong |= dict(answer.cookies)
    elif answer.headers.get("Cache-Control") != PRIVATE:
        wrong["Cache-Control"] = answer.headers.get("Cache-Control")
    if (answer.headers.get("X-Robots-Tag") == "noindex") is (path == "/"):
        wrong["X-Robots-Tag"] = answer.headers.get("X-Robots-Tag")
    for name, cookie in answer.cookies.items():
        right = (True, True, "Lax", "/", "")
        if cookie["max-age"] != 0 and flags(cookie) != right:
            wrong[name] = cookie.OutputString()
    if urlsplit(answer.headers.get("Location", "")).netloc not in ("", HOST):
        wrong["Location"] = answer.headers["Location"]
    body = (b"".join(answer) if answer.streaming else answer.content).decode(errors="replace")
    return wrong | ({"elsewhere": found[0]} if (found := ELSEWHERE.search(body)) else {})


def flags(cookie):
    return cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]


@pytest.mark.rule("K10")
@pytest.mark.threat("T41", "T61", "T62", "T65", "T72", "T74", "T94")
@pytest.mark.parametrize("person", ["ms_okafor", "amara", None])
@pytest.mark.parametrize("method", ["get", "post"])
def test_every_address(browser_of, everywhere, person, method):
    statuses = set()
    for path in everywhere:
        answer = getattr(browser_of(person), method)(path)
        statuses.add(answer.status_code)
        assert faults(path, answer) == {}, path
    assert {302, 200 if method == "get" else 422} <= statuses


@pytest.mark.threat("T41", "T61", "T74", "T75", "T76")
@pytest.mark.django_db
@pytest.mark.urls("tests.config.urls")
@pytest.mark.parametrize("status", BROKEN)
def test_every_error(browser_of, status):
    """The page is ours, and shows nothing of what went wrong."""
    answer = BROKEN[status](browser_of(None))

    assert answer.status_code == status
    assert faults("/broken/", answer) == {} if status != 400 else faults("/", answer) == {}
    assert not re.search(rb"BDKRTWXZM|Traceback|ValueError|OperationalError", answer.content)
    assert status in {301, 405} or b"<h1>" in answer.content


@pytest.mark.threat("T52", "T61", "T62")
@pytest.mark.django_db
def test_the_cookies_are_of_this_host_alone(browser_of, amara):
    """A browser accepts the prefix __Host- only with Secure and without a domain. These cookies end with the
    browser."""
    browser = browser_of(None)

    answer = log_in(browser, "amara")

    session, token = answer.cookies["__Host-sessionid"], browser.cookies["__Host-csrftoken"]
    assert flags(session) == flags(token) == (True, True, "Lax", "/", "")
    assert (session["max-age"], session["expires"]) == ("", "")


@pytest.mark.django_db
def test_static_files_carry_them_too_and_are_kept(browser_of, settings):
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    browser = browser_of(None)

    for path in ("/static/css/homeroom.css", "/static/js/homeroom.js", "/static/img/homeroom.svg"):
        answer = browser.get(path)
        assert (answer.status_code, faults(path, answer)) == (200, {}), path
        assert answer.headers["Cache-Control"] != PRIVATE
    assert faults("/static/none.css", browser.get("/static/none.css")) == {}


@pytest.mark.threat("T41")
def test_plain_http_only_leads_to_https(school, client):
    """With the same headers, except the one that browsers take from https alone."""
    answer = client.get("/join/?a=b", SERVER_NAME=HOST)

    assert (answer.status_code, answer.headers["Location"]) == (301, f"{SCHOOL}/join/?a=b")
    assert faults("/join/", answer) == {"Strict-Transport-Security": None}


def test_health_is_asked_for_from_inside_without_tls(school, client):
    assert client.get("/healthz", SERVER_NAME=HOST).status_code == 200
