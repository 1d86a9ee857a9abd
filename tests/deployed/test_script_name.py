"""Two headers by which a proxy can tell gunicorn where the site begins. Caddy hands them on from anybody."""

from contextlib import closing
from http.client import HTTPConnection

import pytest

from tests.deployed.school import AT_MOST, command_of, free_port, new_site, running

# One process makes the site of these tests, and that of the others in this group.
pytestmark = pytest.mark.xdist_group("embedded")


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Gunicorn as compose starts it. From this machine, it takes every client for the proxy."""
    port, site = free_port(), new_site(tmp_path_factory.mktemp("site"))
    with running(command_of("web", port), port, site, SITE_URL="http://localhost", TRUSTED_PROXIES="1"):
        yield "localhost", port


@pytest.mark.threat("T63", "T64")
@pytest.mark.parametrize("name", ["SCRIPT_NAME", "PATH_INFO", "Script-Name", "Path-Info"])
@pytest.mark.parametrize("path", ["/accounts", "/elsewhere", "/accounts/login/"])
def test_no_client_moves_the_site_to_another_path(address, name, path):
    with closing(HTTPConnection(*address, timeout=AT_MOST)) as web:
        web.request("GET", "/accounts/login/", headers={name: path})
        answer = web.getresponse()
        page = answer.read().decode()

    assert answer.status == 200
    assert 'href="/accounts/password/reset/' in page
