"""F29: a client that takes its time costs no thread of the web server."""

import os
import socket
import subprocess
import sys
from contextlib import ExitStack, closing
from http.client import HTTPConnection

import pytest

from config.whole_requests import MOST, Coming
from tests.deployed.school import free_port, until

HEAD = b"POST /join/ HTTP/1.1\r\nHost: localhost\r\n"
FORM = HEAD + b"Content-Length: 10\r\n\r\n"
SLOW = 12  # three times the threads of a process


@pytest.fixture
def port(tmp_path):
    """A web server of one process, as it is deployed."""
    port = free_port()
    environ = os.environ | {
        "PORT": str(port),
        "WEB_CONCURRENCY": "1",
        "VAR_DIR": str(tmp_path),
        "DEBUG": "true",
    }
    command = [sys.executable, "-m", "gunicorn", "-c", "python:config.gunicorn", "config.wsgi"]
    server = subprocess.Popen(command, env=environ, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        until(lambda: is_open(port))
        yield port
    finally:
        server.terminate()
        server.wait(20)


def is_open(port):
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


def test_others_are_answered_while_many_take_their_time(port):
    with ExitStack() as slow:
        clients = [slow.enter_context(socket.create_connection(("127.0.0.1", port), 20)) for _ in range(SLOW)]
        for number, client in enumerate(clients):
            client.sendall([b"GET /hea", b"", FORM + b"code="][number % 3])
        with closing(HTTPConnection("127.0.0.1", port, timeout=4)) as web:
            for _ in range(2):  # the second on the same connection
                web.request("GET", "/healthz")
                assert web.getresponse().read() == b"ok"

        clients[0].sendall(b"lthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert b"".join(iter(lambda: clients[0].recv(9999), b"")).endswith(b"ok")


@pytest.mark.parametrize(
    ("parts", "is_whole"),
    [
        ([b""], False),
        ([b"GET / HTTP/1.1\r\n", b"Host: localhost\r\n"], False),
        ([b"GET / HTTP/1.1\r\nHost: localhost\r\n\r", b"\n"], True),
        ([FORM, b"123456789"], False),
        ([FORM, b"123456789", b"0"], True),
        ([FORM.replace(b"Content-Length", b"content-length") + b"1234567890"], True),
        ([HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"], False),
        ([HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n0\r\n", b"\r\n"], True),
        # Too much: it is refused, so nobody has to wait for it.
        ([HEAD + b"Content-Length: 1000000\r\n\r\n"], True),
        ([b"x" * MOST, b"x"], True),
    ],
)
def test_a_request_is_handed_on_when_the_whole_of_it_is_here(parts, is_whole):
    coming = Coming()
    for part in parts:
        coming.add(part)

    assert coming.is_whole == is_whole
