"""Which tests there are, and which rule of the door they cite: what docs/rules.md and docs/security.md say."""

import ast
import re
from functools import cache
from pathlib import Path

RULES = [
    f"{letter}{number}"
    for letter, numbers in {
        "A": range(1, 7),
        "C": range(1, 7),
        "K": range(1, 12),
        "J": range(11),
        "Q": range(1, 9),
        "N": range(1, 3),
    }.items()
    for number in numbers
]
CITED = re.compile(r"\b[ACKJQN]\d{1,2}\b")


def citing():
    """{rule: [test files that cite it in a docstring or a comment]}"""
    found = {rule: [] for rule in RULES}
    for path in sorted(Path("tests").rglob("test_*.py")):
        for rule in set(CITED.findall(_said(path.read_text()))) & set(RULES):
            found[rule].append(str(path.relative_to("tests")))
    return found


@cache
def every_test():
    """{"joins/test_reset_code.py::test_a_reset_code_is_dead": its docstring}"""
    return {
        f"{path.relative_to('tests')}::{node.name}": ast.get_docstring(node) or ""
        for path in Path("tests").rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
    }


def _said(source):
    nodes = ast.walk(ast.parse(source))
    documented = [node for node in nodes if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)]
    docstrings = [ast.get_docstring(node) or "" for node in documented]
    return " ".join(docstrings + re.findall(r"#(.*)", source))
