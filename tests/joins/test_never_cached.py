"""A Code is in no URL, on no page that is cached, and only where a manager sees it."""

import re

import pytest

pytestmark = pytest.mark.engine_free


@pytest.mark.threat("T07")
def test_the_pages_with_a_code_are_the_managers_own(everywhere, url, biology, biology_code, linds_browser):
    bodies = {path: linds_browser.get(path).content.decode() for path in everywhere}

    code = biology_code()
    assert {path for path, body in bodies.items() if code.code in body or code.in_threes in body} == {
        biology.path,
        url("board/"),
        url("board/count/"),
        url("handout/"),
        url("history/"),
        url("code/reset/"),
        url("code/leaked/"),
        url("today/"),
    }


@pytest.mark.rule("J0")
@pytest.mark.threat("T07")
@pytest.mark.parametrize("person", ["amara", "mr_brandt", None])
def test_nobody_else_ever_sees_it(request, everywhere, sign_in, client, biology_code, person):
    browser = sign_in(request.getfixturevalue(person)) if person else client
    code = biology_code()

    for path in everywhere:
        body = browser.get(path).content.decode()
        assert code.code not in body, path
        assert code.in_threes not in body, path


@pytest.mark.rule("K10")
@pytest.mark.threat("T27")
def test_no_link_form_or_picture_bears_it(everywhere, sign_in, biology_code, ms_okafor):
    browser, code = sign_in(ms_okafor), biology_code().code
    for path in everywhere:
        found = re.findall(r'(?:href|src|action|hx-\w+)="([^"]*)"', browser.get(path).content.decode())
        assert not [address for address in found if code in address.replace("-", "")], path


@pytest.mark.rule("K10")
@pytest.mark.threat("T27")
def test_no_answer_to_a_press_sends_it_on(client, sign_in, biology_code, physics_code, amara, ms_okafor, url):
    """Neither in a redirect nor in a cookie. The session keeps it on the server."""
    code = biology_code()
    browser = sign_in(amara)
    answers = [
        client.post("/join/", {"code": code.code}),
        client.get("/accounts/signup/student/"),
        browser.post("/join/", {"code": code.code}),
        browser.post("/join/", {"code": "X" + code.code}),
        sign_in(ms_okafor).post(url("code/reset/")),
    ]

    for answer in answers:
        sent = f"{answer.headers} {answer.cookies}"
        assert code.code not in sent
        assert code.in_threes not in sent


@pytest.mark.rule("K10")
@pytest.mark.threat("T27")
def test_a_code_in_the_address_is_never_read(client, sign_in, biology, biology_code, amara):
    for browser in (client, sign_in(amara)):
        page = browser.get("/join/", {"code": biology_code().code})
        assert biology_code().code not in page.content.decode()
    assert not biology.memberships.filter(user=amara).exists()
