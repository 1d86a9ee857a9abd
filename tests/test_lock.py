"""The lock agrees with pyproject.toml, checked without a registry. bin/lock writes the lock."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

PROJECT = tomllib.loads(Path("pyproject.toml").read_text())
PIN = re.compile(r"^([\w.-]+)(?:\[\w+\])?==(\S+)", re.MULTILINE)


def pins(name):
    return dict(PIN.findall(Path(f"requirements/{name}.txt").read_text()))


def missing(wanted, pinned):
    found = [Requirement(line) for line in wanted]
    return [str(one) for one in found if not one.specifier.contains(pinned.get(one.name.lower(), "0"))]


@pytest.mark.threat("T77")
def test_everything_the_project_needs_is_pinned_within_its_bounds():
    assert missing(PROJECT["project"]["dependencies"], pins("base")) == []
    for group in ("dev", "bench"):
        assert missing(PROJECT["dependency-groups"][group], pins(group)) == []


@pytest.mark.threat("T77")
def test_the_tests_run_on_the_packages_that_are_shipped():
    assert pins("base").items() <= pins("dev").items() & pins("bench").items()


def test_a_pin_keeps_the_extra_that_is_asked_for():
    """Without its extra, pip would look up the package again and take the newest one, which has no hash here."""
    asked = [line for line in PROJECT["project"]["dependencies"] if "[" in line]
    for line in asked:
        assert f"\n{line.split(']')[0]}]==" in Path("requirements/base.txt").read_text()


def test_the_lock_names_no_address():
    assert "://" not in "".join(path.read_text() for path in Path("requirements").iterdir())


@pytest.mark.threat("T77")
def test_the_list_of_parts_is_that_of_the_lock():
    parts = subprocess.run(["bin/parts"], capture_output=True, text=True, check=True).stdout
    listed = re.findall(r"^\| ([\w.-]+) \| ([\w.+-]+) \|", parts, re.MULTILINE)

    assert dict(listed[1:]) == {name: version.rstrip("\\") for name, version in pins("base").items()}
