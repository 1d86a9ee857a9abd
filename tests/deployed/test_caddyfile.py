"""The Caddyfile of docker-compose.yml, read and checked by a real Caddy."""

import json
import os
import shlex
import subprocess

import pytest

from tests.deployed.caddyfile import caddyfile
from tests.deployed.school import COMPOSE

pytestmark = pytest.mark.caddy

SITE_URL = "https://school.example"


@pytest.fixture
def caddy(tmp_path):
    """caddy("validate") -> what Caddy says about the file. If Caddy refuses the file, the test fails."""
    (tmp_path / "Caddyfile").write_text(caddyfile())
    folders = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "SITE_URL": SITE_URL}

    def run(command):
        ran = subprocess.run(
            [*shlex.split(f"caddy {command} --adapter caddyfile --config"), str(tmp_path / "Caddyfile")],
            env=os.environ | folders,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    return run


def everything(told, name):
    """Each value with that name, wherever it is in Caddy's own form of the configuration."""
    if isinstance(told, list):
        return [found for part in told for found in everything(part, name)]
    if not isinstance(told, dict):
        return []
    here = [told[name]] if name in told else []
    return here + [found for part in told.values() for found in everything(part, name)]


def test_caddy_takes_it(caddy):
    caddy("validate")


@pytest.mark.threat("T68")
@pytest.mark.fault("F29")
def test_it_leads_to_web_and_takes_in_a_whole_request_first(caddy):
    told = json.loads(caddy("adapt"))
    (server,) = told["apps"]["http"]["servers"].values()
    kept = everything(server, "max_buffer_size") or everything(server, "request_buffers")

    assert server["listen"] == [":443"]
    assert everything(server["routes"], "host") == [["school.example"]]
    assert everything(server, "upstreams") == [[{"dial": "web:8000"}]]
    assert "web" in COMPOSE["services"]
    assert everything(server, "max_size") == [128_000]
    assert kept[0] > 128_000
    assert told["admin"] == {"disabled": True}
