"""The table in docs/security.md is complete and names tests, or files of tests, that exist."""

import re
from pathlib import Path

from tests.citations import every_test

PAGE = Path("docs/security.md").read_text()
THREATS = [f"T{number:02}" for number in range(1, 103)]
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line[:3] == "| T"
]


def test_every_threat_has_its_row_in_order():
    assert [row for row, *_ in ROWS] == THREATS
    assert [row for row in ROWS if len(row) != 4 or not all(row)] == []


def test_every_test_that_a_row_names_exists_and_has_its_mark():
    written = every_test()
    unmarked = [
        (threat, name)
        for threat, *_, tests in ROWS
        if not tests.startswith("none")
        for name in tests.split(" · ")
        if not any(threat in marks for test, marks in written.items() if name in (test, test.split("::")[0]))
    ]

    assert unmarked == []


def test_a_row_without_a_test_says_so():
    assert [tests for *_, tests in ROWS if not re.match(r"[\w/]+\.py|none", tests)] == []
