"""F23: no mail server holds up a worker for longer than one mail may take."""

import os
import smtplib
import subprocess
import sys
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from time import monotonic, sleep

import pytest
from django.core.mail import EmailMessage, get_connection

LIMIT = 1  # second, in the place of the ten of EMAIL_TIMEOUT


class Slow(StreamRequestHandler):
    """A line every tenth of a second, for ever; none is ever late."""

    def handle(self):
        while True:
            self.wfile.write(b"220-one moment\r\n")
            sleep(LIMIT / 10)


class Server(ThreadingTCPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Whoever hangs up is right."""


@pytest.fixture
def slow_server():
    with Server(("127.0.0.1", 0), Slow) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address
        server.shutdown()


def test_a_server_that_goes_on_greeting_is_hung_up_on(slow_server):
    """F23: and the worker is told that the server is away."""
    host, port = slow_server
    backend = get_connection("config.mail.EmailBackend", host=host, port=port, timeout=LIMIT)
    began = monotonic()

    with pytest.raises(smtplib.SMTPServerDisconnected):
        backend.send_messages([EmailMessage("Hello", "…", to=["okafor@school.example"])])

    assert monotonic() - began < 3 * LIMIT


def test_where_there_is_a_mail_server_it_is_spoken_to_like_this():
    environ = os.environ | {"EMAIL_URL": "smtp://localhost:25"}
    asking = [sys.executable, "-c", "from config.settings import EMAIL_BACKEND; print(EMAIL_BACKEND)"]

    said = subprocess.run(asking, env=environ, capture_output=True, text=True, check=True).stdout

    assert said.strip() == "config.mail.EmailBackend"
