"""docs/rules.md tells which test holds which rule; here it is held to that."""

import re
from pathlib import Path

import pytest

from tests.citations import RULES, citing, every_test

PAGE = Path("docs/rules.md").read_text()


@pytest.mark.parametrize("rule", RULES)
def test_the_page_names_the_files_that_cite_the_rule(rule):
    row = re.search(rf"^\| {rule} \|.*\| (.*) \|$", PAGE, re.MULTILINE)

    assert row[1].split(" · ") == citing()[rule]


def test_every_test_that_the_page_names_exists():
    named = re.findall(r"[\w/]+\.py::\w+", PAGE)

    assert len(named) > 20
    assert [name for name in named if name not in every_test()] == []
