"""To erase a name from other people's notifications, Homeroom looks for the person, not for the spelling."""

import ast
import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.threat("T93")

OURS = [path for app in ("accounts", "classroom", "joins", "privacy") for path in Path(app).rglob("*.py")]


def _tells(function):
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    return any(re.search(r"\bnotify(_from)?$|Notification\.build$", ast.unparse(call.func)) for call in calls)


def test_whoever_is_named_in_a_notification_is_noted_beside_it():
    functions = [
        (path, node)
        for path in OURS
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and _tells(node)
    ]
    naming = [
        (path, function.name, re.search(r"\bmentions=|'mentions': ", ast.unparse(function)))
        for path, function in functions
        if re.search(r"full_name|short_name|self\.name\b|username", ast.unparse(function))
    ]

    assert len(naming) >= 3
    assert [found for found in naming if not found[2]] == []
