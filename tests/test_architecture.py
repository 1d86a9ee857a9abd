"""How the code is built, checked by short walks over its files."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from classroom.rights import RIGHTS
from tests.addresses import routes

APPS = ["accounts", "classroom", "joins", "privacy"]  # each may import those before it
PYTHON = [
    path
    for folder in [*APPS, "config"]
    for path in Path(folder).rglob("*.py")
    if "migrations" not in path.parts
]
TESTS = [path for folder in ("tests", "bench", "faults") for path in Path(folder).rglob("*.py")]
TEMPLATES = [path for path in Path("templates").rglob("*.*") if path.is_file()]
# Signals, not limits: a file that is longer than this, in lines, probably does two things.
LONGEST_FILE = {
    **dict.fromkeys(PYTHON + TESTS, 400),
    **dict.fromkeys(TEMPLATES, 120),
    **dict.fromkeys(Path("static").rglob("*.css"), 200),
    **dict.fromkeys(Path("static").rglob("*.js"), 150),
}
LONGEST_FUNCTION = 50
# Where fields may be written: models, acts and notices, and code that creates or migrates whole databases.
WRITERS = re.compile(r"/models/|/acts/|/notices\.py|/migrations/|/management/|admin\.py$")
# What a signal receiver adds to the method that sent the signal.
# Sessions and allauth's recovery codes are no models of ours. Pages can be read even if a session can't be saved (F20).
ALSO_WRITE = {
    "joins/receivers.py: update",
    "accounts/sessions.py: session.save",
    "accounts/second_press.py: session.save",
    "classroom/views/classes.py: save",  # a session
    "accounts/views/second_step.py: codes.save",
    "accounts/folding.py: setattr",  # a column that is computed when its row is saved
    "accounts/compiled.py: setattr",  # an annotation, on an instance that was just read
}


def nodes(paths, *kinds):
    """Each node of these kinds, with its file."""
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, kinds):
                yield path, node


def imported(node):
    names = [node.module] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
    return [(name or "").split(".")[0] for name in names]


def lines_with(pattern, paths):
    """Each "file: line" that matches the pattern."""
    return [
        f"{path}: {line.strip()}"
        for path in paths
        for line in path.read_text().splitlines()
        if re.search(pattern, line)
    ]


def fields_in(condition):
    for part in condition.children:
        yield from [part[0].split("__")[0]] if isinstance(part, tuple) else fields_in(part)


def test_apps_import_only_downwards():
    for path, node in nodes(PYTHON, ast.Import, ast.ImportFrom):
        allowed = APPS[: APPS.index(path.parts[0]) + 1] if path.parts[0] in APPS else ["config"]
        for name in imported(node):
            assert name in allowed or name not in [*APPS, "config", "tests"], f"{path} imports {name}"


def test_models_know_neither_forms_nor_views():
    of_models = [path for path in PYTHON if "models" in path.parts]
    for path, node in nodes(of_models, ast.ImportFrom):
        assert not re.search(
            r"^(accounts|classroom|joins)\.(forms|views|urls|admin|tasks)\b", node.module or ""
        ), path


def test_every_import_stands_at_the_top():
    inner = {
        str(path)
        for path, function in nodes(PYTHON + TESTS, ast.FunctionDef)
        if any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(function))
    }
    assert inner <= {"joins/apps.py"}  # whose models are only loaded then


def test_every_address_of_a_class_names_its_right_and_every_right_is_asked_for():
    of_a_class = [(name, view) for name, route, view in routes() if "public_id" in route]
    asked = {getattr(view, "right", name) for name, view in of_a_class}
    in_models = {node.value for _, node in nodes(PYTHON, ast.Constant) if node.value in set(RIGHTS)}

    assert asked <= set(RIGHTS)
    assert set(RIGHTS) - asked <= {"remove_co_teacher"} & in_models


def test_an_act_has_one_name_from_its_address_to_its_right():
    for name, route, view in routes():
        if "public_id" in route and not view.right.startswith("see_"):
            assert name.split(":")[1] == view.right == view.__name__


def test_who_and_when_travel_together():
    pairs = set()
    for model in (model for app in APPS for model in apps.get_app_config(app).get_models()):
        names = {field.name for field in model._meta.fields if field.null}
        checks = [c for c in model._meta.constraints if isinstance(c, models.CheckConstraint)]
        for at in (name for name in names if name.endswith("_at") and f"{name[:-3]}_by" in names):
            pair = {at, f"{at[:-3]}_by"}
            pairs.add(f"{model.__name__}.{at}")
            assert any(pair <= set(fields_in(check.condition)) for check in checks), (model, pair)
    assert len(pairs) >= 4  # archived, decided, locked, retired


def test_no_file_and_no_function_is_so_long_that_it_is_probably_two():
    files = {
        str(path): lines
        for path, most in LONGEST_FILE.items()
        if (lines := len(path.read_text().splitlines())) > most
    }
    functions = {
        f"{path}: {function.name}": lines
        for path, function in nodes(PYTHON + TESTS, ast.FunctionDef)
        if (lines := function.end_lineno - function.lineno + 1) > LONGEST_FUNCTION
    }

    assert (files, functions) == ({}, {})


def test_nobody_but_a_verb_writes_a_field():
    ours = [path for path in PYTHON if path.parts[0] in APPS and not WRITERS.search(str(path))]
    written = set()
    for path, call in nodes(ours, ast.Call):
        if getattr(call.func, "id", "") == "setattr":
            written.add(f"{path}: setattr")
        if getattr(call.func, "attr", "") in {"save", "update", "bulk_update", "bulk_create", "delete"}:
            owner = getattr(call.func.value, "id", None)
            written.add(f"{path}: {owner}.{call.func.attr}" if owner else f"{path}: {call.func.attr}")
    assert written <= ALSO_WRITE


def test_only_the_table_of_rights_compares_roles():
    members = ["membership.py", "membership_queryset.py", "shown_members.py"]
    knows = {Path("classroom/rights.py"), Path("classroom/access.py")}
    knows |= {Path("classroom/models", name) for name in members}
    others = [path for path in PYTHON if path not in knows]
    compared = [ast.unparse(node) for _, node in nodes(others, ast.Compare)]

    assert [line for line in compared if re.search(r"\.role\b", line)] == []
    assert lines_with(r"role(__in)?=[\"'\[({]", others) == []


def test_every_setting_is_described_and_every_described_one_is_read():
    described = set(re.findall(r"^#?([A-Z_]+)=", Path(".env.example").read_text(), re.MULTILINE))
    calls = [call for _, call in nodes(Path("config").glob("*.py"), ast.Call) if call.args]
    readers = [
        call for call in calls if re.match(r"env(_secrets)?\.\w+|os\.environ\.get", ast.unparse(call.func))
    ]
    read = {call.args[0].value for call in readers if isinstance(call.args[0], ast.Constant)}

    # Only docker-compose.yml reads this one.
    assert described - {"POSTGRES_PASSWORD"} == read


@pytest.mark.threat("T45")
def test_pages_hold_no_unescaped_text_and_nothing_inline():
    """Mails are an exception: their style can only be inside them, and no script runs there."""
    inline = r"\|\s*safe\b|autoescape|\sstyle=|<style|<script(?![^>]*src)|\son[a-z]+="
    mail = "templates/accounts/email/base_message.html"
    html = [path for path in TEMPLATES if path.suffix == ".html"]
    assert lines_with(inline, html) == [f"{mail}: <style>"]
    assert lines_with(r"mark_safe|SafeString|format_html_join|__html__", PYTHON) == []


def test_every_line_of_a_template_can_be_read_at_once():
    """Not of a text/plain one: its lines are those of the mail."""
    assert lines_with(r"^.{161,}$", [path for path in TEMPLATES if path.suffix == ".html"]) == []


def test_nothing_is_left_for_later():
    later = "TO" + "DO|FIX" + "ME"
    assert (
        lines_with(rf"\b({later})\b", [*LONGEST_FILE, *Path("bin").iterdir(), *Path("docs").rglob("*.md")])
        == []
    )
