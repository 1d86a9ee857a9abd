"""docker-compose.yml, Dockerfile and .dockerignore agree with .env.example and the settings."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from ruamel.yaml import YAML

TEXT = Path("docker-compose.yml").read_text()
COMPOSE = YAML(typ="safe").load(TEXT)
DOCKERFILE = Path("Dockerfile").read_text()
# (its description, "#" if it is optional, its name)
DESCRIBED = re.findall(r"((?:^# .*\n)+)^(#?)([A-Z_]+)=", Path(".env.example").read_text(), re.MULTILINE)


def test_compose_gives_and_asks_for_nothing_that_is_not_described():
    given = set(COMPOSE["x-homeroom"]["environment"])
    asked = set(re.findall(r"(?<!\$)\$\{(\w+)", TEXT))

    assert given | asked <= {name for _, _, name in DESCRIBED}


def test_what_stands_there_without_a_hash_is_what_compose_needs():
    assert {name for _, hash_, name in DESCRIBED if not hash_} == set(re.findall(r"\$\{(\w+):\?\}", TEXT))


def test_what_compose_takes_by_default_is_described():
    """Except the address of another container."""
    taken = re.findall(r"\$\{(\w+):-([^}]+)\}", TEXT)
    described = {
        name: re.findall(r"Compose: (\S+)$", comment, re.MULTILINE) for comment, _, name in DESCRIBED
    }

    assert {name: [value] for name, value in taken if "://" not in value} == {
        name: found for name, found in described.items() if found
    }


def test_a_described_default_is_that_of_the_code():
    code = Path("config/settings.py").read_text()
    names = re.findall(r'env\.(?:number|seconds)\("(\w+)"', code)
    values = {name: getattr(settings, name) for name in names if hasattr(settings, name)}
    in_code = {
        name: [str(int(value.total_seconds() if isinstance(value, timedelta) else value))]
        for name, value in values.items()
    }
    described = {name: re.findall(r"Default: (\d+)", comment) for comment, _, name in DESCRIBED}

    assert {name: described[name] for name in in_code} == in_code
    assert len(in_code) >= 9


def test_all_of_the_site_and_nothing_else_gets_into_the_image():
    everything, *exceptions = [
        line for line in Path(".dockerignore").read_text().splitlines() if line and not line.startswith("#")
    ]
    let_in = {line[1:] for line in exceptions if line.startswith("!")}
    ours = {Path(app.path).relative_to(settings.BASE_DIR) for app in apps.get_app_configs() if _is_ours(app)}

    assert everything == "*"
    assert let_in == {*map(str, ours), "config", "static", "templates", "manage.py", "requirements/base.txt"}


def _is_ours(app):
    return Path(app.path).parent == settings.BASE_DIR


@pytest.mark.fault("F31")
def test_what_the_image_keeps_lies_in_a_volume():
    """The deletion list has a volume of its own."""
    state, deletions = re.findall(r"(?:VAR_DIR|DELETION_LIST)=(\S+)", DOCKERFILE)[:2]
    mounted = dict(reversed(volume.split(":")) for volume in COMPOSE["x-homeroom"]["volumes"])

    assert mounted[state] != mounted[str(Path(deletions).parent)]
    assert set(mounted.values()) <= set(COMPOSE["volumes"])


@pytest.mark.fault("F20")
def test_no_log_fills_the_disk():
    kept = [service["logging"]["options"] for service in COMPOSE["services"].values()]

    assert kept == [{"max-size": "100m", "max-file": "5"}] * len(COMPOSE["services"])


def test_homeroom_is_no_superuser_of_its_database():
    """tests/deployed/test_role.py tries what the role may do."""
    database = COMPOSE["services"]["db"]

    assert "POSTGRES_USER" not in database["environment"]
    assert "./bin/role.sql:/docker-entrypoint-initdb.d/role.sql:ro" in database["volumes"]
    assert "//homeroom:" in COMPOSE["x-homeroom"]["environment"]["DATABASE_URL"]
