"""Every rule in docs/rules.md is covered by a test, and every test that it names exists."""

import re
from pathlib import Path

from tests.citations import every_test

PAGE = Path("docs/rules.md").read_text()
RULES = set(re.findall(r"^- ([ACIJKLMNQW]\d+) ", PAGE, re.MULTILINE))


def test_every_rule_is_held_by_a_test():
    assert len(RULES) > 40
    assert set() == RULES - set().union(*every_test().values())


def test_every_test_that_the_page_names_exists():
    named = re.findall(r"[\w/]+\.py::\w+", PAGE)

    assert len(named) > 20
    assert [name for name in named if name not in every_test()] == []
