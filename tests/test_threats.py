"""docs/security.md tells what meets which threat; here it is held to that."""

import re
from pathlib import Path

import pytest

from tests.citations import every_test

PAGE = Path("docs/security.md").read_text()
THREATS = [f"T{number:02}" for number in range(1, 101)]
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line[:3] == "| T"
]


def test_every_threat_has_its_row_in_order():
    assert [row for row, *_ in ROWS] == THREATS
    assert [row for row in ROWS if len(row) != 4 or not all(row)] == []


@pytest.mark.parametrize(("threat", "tests"), [(row[0], row[-1]) for row in ROWS], ids=THREATS)
def test_every_test_that_a_row_names_exists_and_cites_it(threat, tests):
    written = every_test()
    named = [] if tests.startswith("none") else tests.split(" · ")

    assert {
        name: threat in re.findall(r"\bT\d{2,3}\b", written.get(name, "")) for name in named
    } == dict.fromkeys(named, True)


def test_a_row_without_a_test_says_so():
    assert [tests for *_, tests in ROWS if not re.match(r"[\w/]+\.py::test_|none", tests)] == []
