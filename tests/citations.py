"""Which tests there are, and which rules of the door they cite."""

import ast
import re
from functools import cache
from pathlib import Path

CITED = re.compile(r"\b[ACKJQN]\d{1,2}\b")


@cache
def cited_rules():
    """The rules that a docstring or a comment of some test cites."""
    return {
        rule for path in Path("tests").rglob("test_*.py") for rule in CITED.findall(_said(path.read_text()))
    }


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
