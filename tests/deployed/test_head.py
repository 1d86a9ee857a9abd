"""HEAD, as link previews and proxies send it, to the web server of the embedded default."""

from contextlib import closing
from http.client import HTTPConnection

import pytest

from tests.deployed.school import embedded_web_server, free_port, new_site, running

# One process makes the site of these tests, and that of the others in this group.
pytestmark = pytest.mark.xdist_group("embedded")


@pytest.mark.rule("J5")
@pytest.mark.parametrize("path", ["/accounts/login/", "/healthz", "/robots.txt", "/no-such-page/"])
def test_head_has_no_body_that_the_next_answer_would_begin_with(address, path):
    with closing(HTTPConnection(*address, timeout=30)) as connection:
        connection.request("HEAD", path)
        headers = connection.getresponse()
        headers.read()
        connection.request("GET", "/healthz")
        following = connection.getresponse()

        assert int(headers.headers["Content-Length"]) > 0
        assert (following.status, following.read()) == (200, b"ok")


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    port = free_port()
    with running(embedded_web_server(), port, new_site(tmp_path_factory.mktemp("site")), PORT=str(port)):
        yield "localhost", port
