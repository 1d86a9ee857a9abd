"""What somebody's first visit costs on a slow line, served by the embedded default's web server."""

import pytest

from tests.deployed.school import embedded_web_server, free_port, new_site, running

# These tests share one site, so one process runs them.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("first page")]

MOST_REQUESTS = 8
MOST_BYTES = 39_800  # as sent, headers included


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    port = free_port()
    with running(embedded_web_server(), port, new_site(tmp_path_factory.mktemp("site")), PORT=str(port)):
        yield f"http://localhost:{port}"


@pytest.mark.parametrize("path", ["/", "/join/", "/accounts/login/", "/accounts/signup/student/"])
def test_a_first_visit_costs_few_requests_and_bytes(chromium, address, path):
    context = chromium.new_context()
    page, sent, complaints = context.new_page(), [], []
    page.on("console", lambda message: complaints.append(message.text))
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.loadingFinished", lambda answer: sent.append(answer["encodedDataLength"]))
    page.goto(f"{address}{path}", wait_until="networkidle")
    context.close()

    assert 3 < len(sent) <= MOST_REQUESTS
    assert 15_000 < sum(sent) <= MOST_BYTES
    assert complaints == []
