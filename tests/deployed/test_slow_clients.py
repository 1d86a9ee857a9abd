"""Clients that begin a request and never finish it keep nobody else waiting.

The server itself takes care of that on the embedded default. Before gunicorn the proxy does, configured as documented.
"""

import os
import re
import shlex
import socket
import ssl
import subprocess
from contextlib import ExitStack, closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

import pytest

from tests.deployed.caddyfile import caddyfile
from tests.deployed.school import (
    AT_MOST,
    COMPOSE,
    YAML,
    command_of,
    embedded_web_server,
    free_port,
    new_site,
    running,
)

# One process makes the site of these tests, of test_head.py and of test_log.py.
pytestmark = pytest.mark.xdist_group("embedded")

HOST = "school.example"
IDLE, OF_EACH = 200, 20
# Seconds in which others are answered. nginx gives up on a body after 60, and then every thread would be free again.
SOON = 30
THREADS = 4  # for each of our web servers
LARGEST = "/static/admin/js/vendor/xregexp/xregexp.js"
PAPER = Path("docs/operations.md").read_text()


def post(*fields, body):
    return "\r\n".join(["POST /join/ HTTP/1.1", f"Host: {HOST}", *fields, "", body])


FORM, PARTS = (
    "Content-Type: application/x-www-form-urlencoded",
    "Content-Type: multipart/form-data; boundary=x",
)
HALF_SENT = {
    "half a line": "GET /jo",
    "half a form": post(FORM, "Content-Length: 1000", body="code="),
    "zeros in front": post(FORM, "Content-Length: 0000000001000", body="code="),
    "zeros behind a tab": post(FORM, "Content-Length:\t0000000001000", body="code="),
    "parts of 1 MB": post(PARTS, "Content-Length: 1000000", body="--x\r\n"),
    "parts of 3 MB": post(PARTS, "Content-Length: 3000000", body="--x\r\n"),
    "a head of 99 kB": f"GET / HTTP/1.1\r\nHost: {HOST}\r\n" + ("X-More: " + "a" * 990 + "\r\n") * 99,
    "a head of 150 kB": f"GET / HTTP/1.1\r\nHost: {HOST}\r\n" + ("X-More: " + "a" * 990 + "\r\n") * 150,
    "a form of 400 kB": post(FORM, "Content-Length: 400000", body="code=" + "a" * 1000),
    "a text of 20 MB": post("Content-Type: text/plain", "Content-Length: 20000000", body="a" * 1000),
    "a GET with a body": f"GET /join/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 1000\r\n\r\na",
    "chunks without an end": post(FORM, "Transfer-Encoding: chunked", body="5\r\ncode=\r\n"),
    "a chunk of 1 GB": post(FORM, "Transfer-Encoding: chunked", body="3fffffff\r\ncode="),
    "fields behind chunks": post(FORM, "Transfer-Encoding: chunked", body="5\r\ncode=\r\n0\r\nX-More: "),
    "a body that waits to be asked for": post(FORM, "Expect: 100-continue", "Content-Length: 1000", body=""),
    "a half behind a whole": f"GET /healthz HTTP/1.1\r\nHost: {HOST}\r\n\r\nPOST /jo",
    "two lengths": post(FORM, "Content-Length: 5", "Content-Length: 1000", body="code="),
    "a length beside chunks": post(
        FORM, "Content-Length: 5", "Transfer-Encoding: chunked", body="5\r\ncode="
    ),
    "a field of two lines": f"GET / HTTP/1.1\r\nHost: {HOST}\r\nX-More: a\r\n b",
    "lines that end in one character": f"POST /join/ HTTP/1.1\nHost: {HOST}\n{FORM}\nContent-Length: 1000\n\ncode=",
    "nothing but empty lines": "\r\n" * 500,
    "another protocol by request": f"GET / HTTP/1.1\r\nHost: {HOST}\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nHTTP2-S",
    "another protocol at once": "PRI * HTTP/2.0\r\n\r\nSM",
    "half a greeting of TLS": "\x16\x03\x01\x02\0\x01\0\x01",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return new_site(tmp_path_factory.mktemp("site"), ALLOWED_HOSTS=f"{HOST},localhost")


def trusting_anybody():
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def begin(open_ones, port, begun, tls):
    """A connection that sends this much and no more. A server that has had enough of it may close it."""
    client = open_ones.enter_context(socket.create_connection(("127.0.0.1", port), AT_MOST))
    # The client takes little of an answer that it doesn't read.
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    with suppress(OSError):
        if tls and begun:
            client = open_ones.enter_context(tls.wrap_socket(client))
        client.sendall(begun.encode())


def connect(port, tls):
    connection = HTTPSConnection if tls else HTTPConnection
    more = {"context": tls} if tls else {}
    return connection("127.0.0.1", port, timeout=SOON, **more)


def ask(port, tls, path="/accounts/login/"):
    with closing(connect(port, tls)) as web:
        web.request("GET", path, headers={"Host": HOST})
        answer = web.getresponse()
        return answer.status, answer.read().decode()


def others_are_answered(port, tls=None):
    """While idle connections are held, and then those of each shape, one after the other and all together."""
    with ExitStack() as open_ones:
        for _ in range(IDLE):
            begin(open_ones, port, "", tls)
        for shape, begun in HALF_SENT.items():
            for _ in range(OF_EACH):
                begin(open_ones, port, begun, tls)
            status, page = ask(port, tls)
            assert (status, "<h1" in page) == (200, True), shape


def others_are_answered_beside_who_reads_nothing(port, tls=None):
    """Others are answered while clients request files, as many at once as there are threads or hundreds, and read none.

    Each page waits for one file of each client, so after a few pages everything has been answered that ever will be.
    """
    assert ask(port, tls, LARGEST)[0] == 200
    with ExitStack() as open_ones:
        for _ in range(THREADS):
            begin(open_ones, port, f"GET {LARGEST} HTTP/1.1\r\nHost: {HOST}\r\n\r\n" * 200, tls)
        for _ in range(100):
            assert ask(port, tls, "/healthz")[0] == 200


def post_too_much(port, tls, body):
    """The answer to a form of 300 kB, and its page."""
    with closing(connect(port, tls)) as web:
        fields = {"Host": HOST, "Content-Type": "application/x-www-form-urlencoded"}
        with suppress(BrokenPipeError, ConnectionResetError):
            web.request("POST", "/join/", body, fields, encode_chunked=not isinstance(body, bytes))
        answer = web.getresponse()
        return answer, answer.read().decode()


def too_much_is_answered_in_words(port, tls=None):
    """It is also said how to go on (T68)."""
    big = b"names=" + b"a" * 300_000
    answer, page = post_too_much(port, tls, big)
    assert answer.status == 413
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "This is more text than a form can hold, so nothing has changed." in page
    assert '<meta name="viewport"' in page

    # No browser sends a form in chunks. Caddy hands their beginning on, and either its own refusal comes first or
    # the one by Homeroom, to which a part of a form has no token.
    answer, page = post_too_much(port, tls, iter([big]))
    assert answer.status in {403, 413}
    assert "<h1" in page


def a_long_address_is_answered_in_words(port, tls=None):
    """As the list of members has it with hundreds of people ticked: up to 8,000 characters, and beyond."""
    status, page = ask(port, tls, "/accounts/login/?" + "member=12345&" * 600)
    assert (status, "<h1" in page) == (200, True)

    status, page = ask(port, tls, "/accounts/login/?" + "member=12345&" * 800)
    assert status == 414
    assert "If you have ticked many people, tick fewer." in page
    assert '<meta name="viewport"' in page

    status, page = ask(port, tls, "/no-such-page/")
    assert (status, "<h1" in page, "tick fewer" in page) == (404, True, False)


def an_absent_web_server_is_said_in_words(port, tls=None):
    status, page = ask(port, tls)
    assert status == 502
    assert "Wait a minute, then try again." in page


def a_request_has_its_number_from_the_proxy(port, tls=None):
    chosen = "chosen-by-the-client"
    with closing(connect(port, tls)) as web:
        web.request("GET", "/accounts/login/", headers={"Host": HOST, "X-Request-ID": chosen})
        given = web.getresponse().headers.get_all("X-Request-ID")
    assert len(given) == 1
    assert chosen not in given


@contextmanager
def gunicorn(site, site_url):
    """Gunicorn as compose starts it, behind one proxy. Yields its port."""
    port = free_port()
    with running(command_of("web", port), port, site, SITE_URL=site_url, TRUSTED_PROXIES="1"):
        yield port


@contextmanager
def caddy_before(web, site, tmp_path):
    """Caddy with our Caddyfile, before the web server at this port. Yields its own port."""
    port = free_port()
    (tmp_path / "Caddyfile").write_text(caddyfile().replace("web:8000", f"127.0.0.1:{web}"))
    environ = {"SITE_URL": f"http://:{port}", "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
    command = ["caddy", "run", "--config", str(tmp_path / "Caddyfile"), "--adapter", "caddyfile"]
    with running(command, port, site, **environ):
        yield port


@contextmanager
def nginx_before(web, site, tmp_path):
    """nginx as the paper says it, before the web server at this port. Yields its own port."""
    key, certificate = tmp_path / "key", tmp_path / "certificate"
    request = f"openssl req -x509 -newkey rsa:2048 -nodes -subj /CN={HOST} -keyout {key} -out {certificate}"
    subprocess.run(shlex.split(request), check=True, capture_output=True)
    port, plain = free_port(), free_port()
    block = re.search(r"^```nginx\n(.+?)^```", PAPER, re.DOTALL | re.MULTILINE)[1]
    for theirs, ours in {
        "127.0.0.1:8000": "web",  # which Homeroom would refuse as its own name: so nginx must pass on Host
        "listen 443": f"listen 127.0.0.1:{port}",
        "listen 80": f"listen 127.0.0.1:{plain}",
        f"/etc/ssl/{HOST}.pem": str(certificate),
        f"/etc/ssl/{HOST}.key": str(key),
    }.items():
        assert theirs in block
        block = block.replace(theirs, ours)
    around = f"daemon off; pid {tmp_path}/pid; error_log stderr; events {{ worker_connections 2048; }}\n"
    upstream = f"upstream web {{ server 127.0.0.1:{web}; }}"
    user = "user root;\n" if os.geteuid() == 0 else ""
    kept = " ".join(
        f"{what}_temp_path {tmp_path}/{what};"
        for what in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (tmp_path / "nginx.conf").write_text(
        f"{user}{around}http {{ access_log off; {kept}\n{upstream}\n{block} }}\n"
    )
    with running(["/usr/sbin/nginx", "-c", str(tmp_path / "nginx.conf")], port, site):
        yield port


@pytest.mark.threat("T96")
@pytest.mark.fault("F29")
def test_the_embedded_default_answers_others(site):
    port = free_port()
    with running(embedded_web_server(), port, site, PORT=str(port)):
        too_much_is_answered_in_words(port)
        others_are_answered(port)
        others_are_answered_beside_who_reads_nothing(port)


@pytest.mark.fault("F29")
def test_the_embedded_default_takes_all_of_these_at_once():
    """With fewer connections it would answer others as well, but only once it has closed the idle ones."""
    limit = re.search(r'"connection_limit": (\d+)', Path("config/waitress.py").read_text())[1]

    assert int(limit) > IDLE + OF_EACH * len(HALF_SENT)


@pytest.mark.threat("T70", "T96")
@pytest.mark.fault("F29")
@pytest.mark.caddy
def test_caddy_holds_back_what_is_not_whole_and_numbers_requests(site, tmp_path):
    with gunicorn(site, "http://localhost") as web, caddy_before(web, site, tmp_path) as port:
        others_are_answered(port)
        others_are_answered_beside_who_reads_nothing(port)
        a_request_has_its_number_from_the_proxy(port)
        too_much_is_answered_in_words(port)


@pytest.mark.threat("T68")
@pytest.mark.caddy
def test_caddy_says_in_words_that_an_address_is_too_long(site, tmp_path):
    with gunicorn(site, "http://localhost") as web, caddy_before(web, site, tmp_path) as port:
        a_long_address_is_answered_in_words(port)


@pytest.mark.caddy
def test_caddy_says_in_words_that_no_web_server_answers(site, tmp_path):
    with caddy_before(free_port(), site, tmp_path) as port:
        an_absent_web_server_is_said_in_words(port)


@pytest.mark.threat("T70", "T96")
@pytest.mark.fault("F29")
@pytest.mark.nginx
def test_nginx_as_the_paper_says_it_holds_back_what_is_not_whole_and_numbers_requests(site, tmp_path):
    with gunicorn(site, f"https://{HOST}") as web, nginx_before(web, site, tmp_path) as port:
        others_are_answered(port, trusting_anybody())
        others_are_answered_beside_who_reads_nothing(port, trusting_anybody())
        a_request_has_its_number_from_the_proxy(port, trusting_anybody())
        too_much_is_answered_in_words(port, trusting_anybody())


@pytest.mark.threat("T68")
@pytest.mark.nginx
def test_nginx_says_in_words_that_an_address_is_too_long(site, tmp_path):
    with gunicorn(site, f"https://{HOST}") as web, nginx_before(web, site, tmp_path) as port:
        a_long_address_is_answered_in_words(port, trusting_anybody())


@pytest.mark.nginx
def test_nginx_says_in_words_that_no_web_server_answers(site, tmp_path):
    with nginx_before(free_port(), site, tmp_path) as port:
        an_absent_web_server_is_said_in_words(port, trusting_anybody())


def test_compose_can_leave_caddy_out_for_a_proxy_on_the_same_machine():
    """The documented override only names services that exist, and the port of web."""
    compose = YAML(typ="safe").load(re.search(r"^```yaml\n(.+?)^```", PAPER, re.DOTALL | re.MULTILINE)[1])

    assert compose["services"].keys() <= COMPOSE["services"].keys()
    assert compose["services"]["caddy"] == {"profiles": ["left-out"]}
    assert compose["services"]["web"] == {"ports": ["127.0.0.1:8000:8000"]}
    assert [
        name for name, service in COMPOSE["services"].items() if "caddy" in service.get("depends_on", {})
    ] == []
