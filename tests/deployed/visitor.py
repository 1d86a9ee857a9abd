"""A person's browser behind a TLS proxy that sends each request to the next web server."""

import re
from collections import Counter
from contextlib import closing, contextmanager
from html import unescape
from http.client import HTTPConnection
from itertools import count
from threading import Condition
from urllib.parse import urlencode, urlsplit

from tests.deployed.school import AT_MOST, SITE_URL

HOST = urlsplit(SITE_URL).netloc


class Proxy:
    """Sends each connection to the next web server in turn. A request that was sent is never sent again."""

    def __init__(self, ports):
        self.ports, self.turn, self.open = list(ports), count(), Counter()
        self.changed = Condition()

    @contextmanager
    def connection(self):
        with self.changed:
            port = self.ports[next(self.turn) % len(self.ports)]
            self.open[port] += 1
        try:
            with closing(HTTPConnection("127.0.0.1", port, timeout=AT_MOST)) as web:
                yield web
        finally:
            with self.changed:
                self.open[port] -= 1
                self.changed.notify_all()

    def take_out(self, port):
        """Send it nothing more, and return once it has answered what it was sent."""
        with self.changed:
            self.ports.remove(port)
            assert self.changed.wait_for(lambda: not self.open[port], AT_MOST)

    def put_in(self, port):
        with self.changed:
            self.ports.append(port)


class Visitor:
    """Keeps cookies as a browser does, and sends the form's token with every press."""

    def __init__(self, proxy):
        self.proxy, self.cookies, self.statuses = proxy, {}, []

    def get(self, path):
        return self._ask("GET", path)

    def press(self, path, on=None, **fields):
        """Fill in the form for `path` (on the page `on`) and send it. Returns the page to which it leads."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(on or path))[1]
        body = urlencode({"csrfmiddlewaretoken": token, **fields})
        return self._ask("POST", path, body)

    def _ask(self, method, path, body=None):
        status, headers, page = self._send(method, path, body)
        self.statuses.append(status)
        assert status < 400, f"{method} {path}: {status} {page[-1500:]}"
        self.path = path
        return self.get(headers["Location"]) if status in (301, 302) else page

    def _keep(self, headers):
        for cookie in headers.get_all("Set-Cookie", []):
            name, value = cookie.split(";")[0].split("=", 1)
            flags = {" Secure", " HttpOnly", " SameSite=Lax"}
            assert " Max-Age=0" in cookie or flags <= set(cookie.split(";")), cookie
            self.cookies[name] = value

    def _send(self, method, path, body):
        headers = {
            "Host": HOST,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "203.0.113.7",
            "Origin": SITE_URL,
            "Sec-Fetch-Site": "same-origin",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with self.proxy.connection() as web:
            web.request(method, path, body, headers)
            answer = web.getresponse()
            page = answer.read().decode()
        self._keep(answer.headers)
        return answer.status, answer.headers, page


def hook(page, name):
    """The first value of this attribute on the page."""
    return unescape(re.search(rf'\s{name}="([^"]*)"', page)[1])
