"""Headers, cookies and bodies that no browser sends get a page or a clean refusal, never a 500, and change nothing."""

from itertools import product
from wsgiref.util import setup_testing_defaults

import pytest
from django.test import Client

from config.wsgi import application
from tests.tables import tables

pytestmark = pytest.mark.engine_free

HUGE = "x" * 60_000
ODD = ["\xff\xfe", "http://[::1", "\xe2\x80\xa8", "%00%ff", "[]{}\\\"'", "-1", HUGE]
HEADERS = [
    "accept",
    "accept-language",
    "hx-current-url",
    "hx-request",
    "hx-target",
    "if-modified-since",
    "origin",
]
HEADERS += [
    "range",
    "referer",
    "user-agent",
    "x-forwarded-for",
    "x-forwarded-proto",
    "x-http-method-override",
]
COOKIES = ["sessionid", "csrftoken", "messages", "unknown"]
FORM = "application/x-www-form-urlencoded"
PART = b'--x\r\nContent-Disposition: form-data; name="%s"\r\n%s\r\n%s\r\n--x--\r\n'
MULTIPART = "multipart/form-data; boundary=x"
REFUSED = {  # 400, before any form reads it
    "no boundary": (b"a=b", "multipart/form-data"),
    "another alphabet": (b"\xff\xfe\xfd", f"{FORM}; charset=utf-16"),
    "a file": (PART.replace(b'name="%s"', b'name="%s"; filename="b"') % (b"a", b"", b"c"), MULTIPART),
    "4,000 requests": (b"&".join(b"request=%d" % number for number in range(4_000)), FORM),
    "1,100 parts": (b"".join(PART[:-8] % (b"a%d" % number, b"", b"b") for number in range(1_100)), MULTIPART),
    "a part's header of 60 kB": (PART % (b"code", b"X: " + b"a" * 60_000 + b"\r\n", b"a"), MULTIPART),
    "NUL behind base64": (PART % (b"code", b"Content-Transfer-Encoding: base64\r\n", b"YQBi"), MULTIPART),
    "NUL in a part's name": (PART % (b"co\0de", b"", b"a"), MULTIPART),
    "NUL in a name by RFC 2231": (
        PART.replace(b'name="%s"', b"name*=utf-8''%s") % (b"c%00de", b"", b"a"),
        MULTIPART,
    ),
    "a part's name whole and in parts": (
        PART.replace(b'name="%s"', b"name*=a; name*0*=%s") % (b"code", b"", b"a"),
        MULTIPART,
    ),
    "an empty boundary": (b"a", "multipart/form-data; boundary="),
    "a boundary of 3,000 letters": (b"a", f"multipart/form-data; boundary={'x' * 3_000}"),
    "a charset without a name": (b"code=a", f"{FORM}; charset="),
}
READ_AS_FAR_AS_IT_GOES = {  # 422: the form says what is missing
    "JSON with NUL": (b'{"code": "a\\u0000b"}', "application/json"),
    "XML": (b"<code>a</code>", "application/xml"),
    "text": (b"code=a", "text/plain"),
    "no type at all": (b"code=a", ""),
    "bytes that are no UTF-8": (b"code=\xff\xfe", FORM),
    "a lone surrogate": (b"code=%ed%a0%80", FORM),
    "no UTF-8 in a part": (PART % (b"code", b"", b"\xff"), MULTIPART),
    "a part in a part": (
        PART % (b"code", b"Content-Type: multipart/mixed; boundary=y\r\n", b"--y--"),
        MULTIPART,
    ),
    "broken off": (PART[:-9] % (b"code", b"", b"a"), MULTIPART),
    "60 kB in the field": (b"code=" + HUGE.encode(), FORM),
}


@pytest.fixture
def open_browser(request, everywhere):
    """A browser that gets the error page of a crash, as its visitor would."""

    def opened(person):
        browser = Client(raise_request_exception=False)
        if person != "nobody":
            browser.force_login(request.getfixturevalue(person))
        return browser

    return opened


@pytest.mark.threat("T68")
def test_an_odd_header_is_no_fault(open_browser, biology):
    for person in ("nobody", "ms_okafor"):
        browser = open_browser(person)
        for header, odd in product(HEADERS, ODD):
            answers = [
                browser.get(biology.path, headers={header: odd}),
                browser.get("/notifications/", headers={header: odd, "hx-request": "true"}),
                browser.post("/notifications/read/", headers={header: odd}),
            ]
            assert {answer.status_code for answer in answers} <= {200, 301, 302, 303, 403, 404}, (
                header,
                odd[:20],
            )


@pytest.mark.threat("T67", "T68")
def test_an_odd_cookie_is_no_fault(open_browser):
    for cookie, odd in product(COOKIES, ODD):
        answer = open_browser("nobody").get("/", headers={"cookie": f"{cookie}={odd}"})
        assert answer.status_code in (200, 400), (cookie, odd[:20])
    for cookie in COOKIES:
        escaped = {"cookie": f'{cookie}="a\\000b"'}
        assert open_browser("nobody").get("/", headers=escaped).status_code == 400, cookie


@pytest.mark.threat("T68", "T76")
@pytest.mark.parametrize(
    "kind", ["text/plain; a*=1; a*0*=2", f"{FORM}; a*=klingon''b", f"{MULTIPART}; x*=1; x*0=2"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_odd_type_is_answered_by_us_and_not_by_the_server(everywhere, method, kind):
    status, headers, page = called_by_the_server(method, kind)

    assert status in {"GET": {"200"}, "POST": {"400", "403"}}[method]
    assert "Content-Security-Policy" in headers
    assert b"<h1" in page


@pytest.mark.threat("T75", "T76")
@pytest.mark.parametrize("charset", ["hex", "idna", "punycode", "rot13", "undefined", "zip", "utf-16"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_a_charset_that_decodes_no_text_is_refused_by_us_and_not_by_the_server(everywhere, method, charset):
    status, headers, _ = called_by_the_server(method, f"text/plain; charset={charset}")

    assert status == "400"
    assert "Content-Security-Policy" in headers


def called_by_the_server(method, kind):
    """As a web server calls it, because Django reads content type and query before any middleware runs."""
    environ, response = {"REQUEST_METHOD": method, "PATH_INFO": "/join/", "CONTENT_TYPE": kind}, {}
    environ["QUERY_STRING"] = "next=%41%ff"
    setup_testing_defaults(environ)

    def start_response(status, headers):
        response.update(headers, status=status)

    page = b"".join(application(environ, start_response))
    return response["status"][:3], response, page


@pytest.mark.threat("T67", "T68", "T73")
@pytest.mark.parametrize("path", ["/join/", "/accounts/login/", "{}requests/decide/", "{}edit/"])
def test_a_body_that_no_form_sends_is_refused_as_a_whole(open_browser, biology, path):
    browser, before = open_browser("ms_okafor" if "{}" in path else "nobody"), tables()

    for what, body in REFUSED.items():
        answer = browser.generic("POST", path.format(biology.path), *body)
        assert (answer.status_code, b'role="alert"' in answer.content) == (400, True), what
        assert tables() == before, what


@pytest.mark.threat("T67", "T68", "T75")
@pytest.mark.parametrize("person", ["nobody", "leo"])
def test_a_body_that_is_half_a_form_is_answered_with_a_sentence(open_browser, person):
    browser, before = open_browser(person), tables()

    for what, body in READ_AS_FAR_AS_IT_GOES.items():
        answer = browser.generic("POST", "/join/", *body)
        assert (answer.status_code, b'role="alert"' in answer.content) == (422, True), what
        assert tables() == before, what


@pytest.mark.threat("T68")
@pytest.mark.parametrize("path", ["/join/", "{}note/", "{}list/"])
def test_who_pastes_too_much_is_told_so(open_browser, biology, path):
    """As a teacher does who pastes the table of a whole school."""
    browser, before = open_browser("ms_okafor"), tables()

    for body in (b"names=" + b"b" * 70_000, FORM), (PART % (b"names", b"", b"b" * 70_000), MULTIPART):
        answer = browser.generic("POST", path.format(biology.path), *body)
        assert answer.status_code == 413
        assert "more text than a form" in " ".join(answer.content.decode().split())
        assert tables() == before
