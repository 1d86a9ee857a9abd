"""Which tests there are, and which rules, threats and faults they are marked with."""

import ast
from functools import cache
from pathlib import Path

MARKS = {"pytest.mark.rule", "pytest.mark.threat", "pytest.mark.fault"}


@cache
def every_test():
    """{"joins/test_reset_code.py::test_the_join_url_stays_the_same": {"K8"}, ...}, marks of the whole file included."""
    return {
        f"{path.relative_to('tests')}::{node.name}": marked(*node.decorator_list) | of_the_file
        for path in Path("tests").rglob("test_*.py")
        for module in [ast.parse(path.read_text())]
        for of_the_file in [marked(*(node for node in module.body if isinstance(node, ast.Assign)))]
        for node in module.body
        if isinstance(node, ast.FunctionDef)
    }


def marked(*places):
    calls = [node for place in places for node in ast.walk(place) if isinstance(node, ast.Call)]
    return {cited.value for call in calls if ast.unparse(call.func) in MARKS for cited in call.args}
