"""A school as it is deployed: two web servers, two workers and beat on PostgreSQL and Redis, used over HTTP."""

import gzip
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection

import pytest

from tests.deployed.school import AT_MOST, until
from tests.deployed.visitor import HOST, hook

# These tests share one school, so one process runs them.
pytestmark = [pytest.mark.postgres, pytest.mark.redis, pytest.mark.xdist_group("school")]

PASSWORD = "a large green chalkboard"
CROWD = 40  # how many students sign up while web servers are replaced


@pytest.fixture(scope="module")
def ms_okafor(visitor, mails):
    """Ms Okafor has an account and a class, and has verified her address with the code in the mail."""
    browser = visitor()
    names = {"first_name": "Ngozi", "last_name": "Okafor", "email": "okafor@school.example"}
    browser.press("/accounts/signup/teacher/", **names, password1=PASSWORD)
    mail = mails.text_to("okafor@school.example", "code", AT_MOST)
    code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]*)\s*$", mail, re.MULTILINE)[1]
    browser.press(browser.path, code=code)
    browser.press("/classes/new/", name="Biology 9B", kind="class")
    browser.biology = browser.path
    return browser


@pytest.fixture
def code(ms_okafor):
    """The Code of her class, unlocked, whatever the test before has done to it."""
    return hook(ms_okafor.press(f"{ms_okafor.biology}code/unlock/", on=ms_okafor.biology), "data-code")


def sign_up(browser, username, code, **more):
    names = {"first_name": username.title(), "last_name": "Example", "username": username}
    return browser.press("/accounts/signup/student/", code=code, **names, password1=PASSWORD, **more)


def test_a_code_lets_in_at_once_on_either_web_server(visitor, ms_okafor, code):
    page = sign_up(visitor(), "amara", code)

    assert "Biology 9B" in page
    assert 'data-member="amara"' in ms_okafor.get(ms_okafor.biology)


def test_a_locked_code_asks_to_join_and_the_approved_are_told_by_mail(visitor, mails, ms_okafor, code):
    ms_okafor.press(f"{ms_okafor.biology}code/lock/", on=ms_okafor.biology)
    leo = visitor()
    sign_up(leo, "leo", code)
    assert 'data-pending="' in leo.get("/")

    queue = f"{ms_okafor.biology}requests/"
    asked = hook(ms_okafor.get(queue), "data-request")
    ms_okafor.press(f"{queue}decide/", on=queue, decision="approve", request=asked)

    assert "Biology 9B" in leo.get(ms_okafor.biology)


@pytest.mark.rule("K6")
@pytest.mark.fault("F02")
def test_beat_and_worker_write_down_that_a_code_has_locked_itself(school, database, mails, ports, code):
    """From beat through the broker to a worker, and from there to the mail server."""
    database[1].execute(
        "UPDATE joins_joincode SET locks_at = now() - interval '1 second' WHERE retired_at IS NULL"
    )

    def stamped():
        return database[1].execute("SELECT 1 FROM joins_joincode WHERE locked_at = locks_at").fetchone()

    until(stamped)
    mails.text_to("okafor@school.example", "The Code of Biology 9B has locked.", AT_MOST)
    until(lambda: school.readyz(ports[1])[1]["jobs"])
    assert database[1].execute("SELECT 1 FROM cache WHERE cache_key LIKE '%:tick'").fetchone()


def test_static_files_are_hashed_compressed_and_kept(ports, ms_okafor):
    path = re.search(r'href="(/static/css/homeroom\.[0-9a-f]+\.css)"', ms_okafor.get("/"))[1]
    headers = {"Host": HOST, "X-Forwarded-Proto": "https", "Accept-Encoding": "gzip"}
    with closing(HTTPConnection("127.0.0.1", ports[0], timeout=AT_MOST)) as web:
        web.request("GET", path, headers=headers)
        answer = web.getresponse()
        body = gzip.decompress(answer.read())

    assert (answer.status, answer.headers["Content-Encoding"]) == (200, "gzip")
    assert answer.headers["Cache-Control"] == "max-age=315360000, public, immutable"
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert b"@layer" in body


@pytest.mark.fault("F27")
def test_a_rolling_restart_loses_nobody(school, database, ports, proxy, visitor, code):
    """One web server reloads in place and the other is replaced while a crowd signs up. Nobody sees an error."""

    def sign_up_student(number):
        browser = visitor()
        sign_up(browser, f"student{number}", code)
        return browser.statuses

    with ThreadPoolExecutor(4) as crowd:
        sign_ups = [crowd.submit(sign_up_student, number) for number in range(CROWD)]
        sign_ups[CROWD // 4].result()
        school.reload("web 1")
        sign_ups[CROWD // 2].result()
        proxy.take_out(ports[1])
        school.stop("web 2")
        school.start_web("web 2", ports[1])
        proxy.put_in(ports[1])

    assert {status for one in sign_ups for status in one.result()} <= {200, 302}
    members = "SELECT count(*) FROM classroom_membership JOIN accounts_user u ON u.id = user_id WHERE username LIKE %s"
    assert database[1].execute(members, ["student%"]).fetchone() == (CROWD,)


@pytest.mark.threat("T26")
def test_nothing_that_was_typed_is_in_what_the_processes_wrote(school, visitor, code, ms_okafor):
    sign_up(visitor(), "writtendown", code)
    written = school.log.read_text()

    assert '"route": "joins:sign_up_student"' in written
    in_threes = "-".join(code[at : at + 3] for at in range(0, 9, 3))
    for secret in (
        code,
        in_threes,
        PASSWORD,
        "okafor",
        "Biology",
        "writtendown",
        *ms_okafor.cookies.values(),
    ):
        assert secret not in written, secret
