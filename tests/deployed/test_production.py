"""Every command of Dockerfile and docker-compose.yml works with production's packages alone.

The tests run them on SQLite and files, on PostgreSQL and Redis, and, if bin/image has built the image, on those in the
image as well. They read commands and health checks from these two files.
"""

import re
from contextlib import ExitStack, closing
from http.client import HTTPConnection

import pytest

from faults.servers import Postgres, Redis
from tests.deployed.container import Container, needs_the_image
from tests.deployed.school import AT_MOST, COMPOSE, SITE_URL, School, free_port, until
from tests.deployed.visitor import HOST, Proxy, Visitor

# These tests share one site, so one process runs them.
pytestmark = [pytest.mark.xdist_group("production"), pytest.mark.fault("F32")]

OURS = {name: service for name, service in COMPOSE["services"].items() if service["image"] == "homeroom"}
CHECKED = [name for name, service in OURS.items() if "healthcheck" in service]
FILES, SERVERS, IMAGE = "SQLite and files", "PostgreSQL and Redis", "the image"


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(FILES, id=FILES),
        pytest.param(SERVERS, id=SERVERS, marks=[pytest.mark.postgres, pytest.mark.redis]),
        pytest.param(IMAGE, id=IMAGE, marks=needs_the_image),
    ],
)
def kind(request):
    return request.param


@pytest.fixture(scope="module")
def servers(kind):
    """A Redis of its own, so that no other test's worker answers."""
    if kind == FILES:
        yield {"DATABASE_URL": "", "REDIS_URL": ""}
        return
    postgres, redis = Postgres(), Redis()
    yield {"DATABASE_URL": postgres.url, "REDIS_URL": redis.url}
    redis.remove()
    postgres.remove()


@pytest.fixture(scope="module")
def port():
    return free_port()


@pytest.fixture(scope="module")
def production(tmp_path_factory, kind, servers, mails, port):
    """Prepared and started once. A test that stops something starts it again."""
    mail_server = f"smtp://localhost:{mails.server_address[1]}"
    # Only the site's public name is allowed. A health check asks for localhost and is answered all the same.
    known = {"EMAIL_URL": mail_server, "ALLOWED_HOSTS": HOST, **servers}
    place = Container if kind == IMAGE else School
    school = place(tmp_path_factory.mktemp("production"), **known)
    with ExitStack() as ends:
        ends.callback(school.stop_all)
        school.run("prepare")
        for service in OURS.keys() - {"prepare"}:
            school.start(service, service, port)
        yield school


def runs(production, service):
    assert production.running[service].poll() is None, production.log.read_text()[-3000:]
    return True


def test_nothing_of_ours_is_left_out():
    assert OURS.keys() == {"prepare", "web", "worker", "beat"}
    assert set(CHECKED) == {"web", "worker", "beat"}


def test_web_answers_and_what_was_prepared_is_there(production, port):
    until(lambda: production.is_ready("web", port))

    parts = production.readyz(port)[1]
    assert (parts["database"], parts["migrations"], parts["broker"]) == (True, True, True)
    assert "Log in" in Visitor(Proxy([port])).get("/accounts/login/")


@pytest.mark.threat("T63")
def test_who_asks_for_localhost_without_tls_is_led_to_the_site(production, port):
    """The redirect doesn't repeat the name by which somebody asked."""
    until(lambda: production.is_ready("web", port))
    with closing(HTTPConnection("127.0.0.1", port, timeout=AT_MOST)) as web:
        web.request("GET", "/accounts/login/", headers={"Host": "localhost"})
        answer = web.getresponse()

    assert (answer.status, answer.headers["Location"]) == (301, f"{SITE_URL}/accounts/login/")


def test_beat_calls_and_a_worker_hears_it(production, port):
    until(lambda: production.is_ready("web", port))

    def worked_together():
        return runs(production, "worker") and runs(production, "beat") and production.readyz(port)[1]["jobs"]

    until(worked_together)


def test_a_letter_comes_and_its_code_is_taken(production, port, kind, mails):
    """From the form through beat, broker and worker to the mail server, and back by hand."""
    until(lambda: production.is_ready("web", port))
    browser, email = Visitor(Proxy([port])), f"okafor@{kind.replace(' ', '-').lower()}.example"
    names = {"first_name": "Ngozi", "last_name": "Okafor", "email": email}
    browser.press("/accounts/signup/teacher/", **names, password1="a large green chalkboard")
    mail = mails.text_to(email, "code", AT_MOST)
    code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]*)\s*$", mail, re.MULTILINE)[1]

    assert "Ngozi" in browser.press(browser.path, code=code)


@pytest.mark.parametrize("service", CHECKED)
def test_a_health_check_says_whether_its_service_runs(production, port, kind, service):
    if (service, kind) == ("worker", FILES):
        pytest.skip("A worker is asked through Redis, which compose always has.")
    until(lambda: runs(production, service) and production.is_healthy(service, port))

    production.stop(service)
    try:
        if service == "beat":
            five_minutes_pass(production)
        assert not production.is_healthy(service, port)
    finally:
        production.start(service, service, port)


def five_minutes_pass(production):
    """Since beat wrote its state to the disk; beat is stopped."""
    assert production.does(["sh", "-c", 'touch --date "6 minutes ago" "$VAR_DIR"/beat*'])
