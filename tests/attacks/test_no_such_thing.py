"""What is not in the code at all, so that nothing has to defend it."""

import ast
import re
from inspect import signature
from pathlib import Path

import pytest

from config.celery import app
from tests.test_architecture import PYTHON, TEMPLATES, lines_with, nodes

SCRIPTS = [path for path in Path("static/js").rglob("*.js") if "htmx" not in path.name]


@pytest.mark.threat("T38")
def test_no_script_presses_a_button():
    """A scanner that runs scripts knocks nowhere, and decides nothing."""
    assert len(SCRIPTS) > 2
    presses = r"submit\(|requestSubmit|\.click\(|fetch\(|XMLHttpRequest|sendBeacon|dispatchEvent|htmx\.(ajax|trigger)"
    # The queue asks for its own page anew, and tells the page's own scripts that buttons came with it.
    harmless = ("fetch(list.dataset.news, ", 'dispatchEvent(new Event("many-changed"')
    found = lines_with(presses, SCRIPTS)
    assert [line for line in found if not any(part in line for part in harmless)] == []
    assert lines_with(r"method:", SCRIPTS) == []
    by_itself = (
        r"<[^>]*hx-(post|put|patch|delete)=[^>]*hx-trigger=|<[^>]*hx-trigger=[^>]*hx-(post|put|patch|delete)="
    )
    assert [path for path in TEMPLATES if re.search(by_itself, path.read_text())] == []


def reads_request(path):
    return re.search(r"\brequest\.|cleaned_data", path.read_text())


@pytest.mark.threat("T69")
def test_no_look_up_takes_its_words_from_a_request():
    """Where a request is read, the words of a look-up are written out."""
    looks_up = {"filter", "exclude", "get", "annotate", "alias", "aggregate", "Q", "order_by", "values"}
    for path, call in nodes(PYTHON, ast.Call):
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        spread = [keyword.value for keyword in call.keywords if keyword.arg is None]
        assert name not in looks_up or spread == [] or not reads_request(path), path
    assert lines_with(r"\.(raw|extra)\(|RawSQL|order_by\([^\"]*request|\beval\(", PYTHON) == []


@pytest.mark.threat("T69")
def test_no_look_up_is_put_together_from_pairs():
    """Q((name, value)) takes any name, so it stands nowhere that a request is read."""
    reading = [path for path in PYTHON if re.search(r"\brequest\.[A-Z]|cleaned_data", path.read_text())]

    assert len(reading) > 9
    assert lines_with(r"\bQ\(\(", reading) == []


@pytest.mark.threat("T69")
def test_nothing_is_unpickled():
    """Django's cache reads what it wrote itself; we write for it in one place, and nobody else comes near."""
    cache = Path("config/rate_limit_cache.py")
    assert lines_with(r"pickle", [path for path in PYTHON if path != cache]) == []
    assert lines_with(r"pickle\.loads|Unpickler", [cache]) == []


@pytest.mark.threat("T26")
def test_no_task_is_told_anything():
    """So no Code, name or address stands in a broker, a result or a worker's log."""
    app.loader.import_default_modules()
    ours = [task for name, task in app.tasks.items() if not name.startswith("celery.")]

    assert len(ours) > 4
    for task in ours:
        assert list(signature(task.run).parameters) == [], task.name
        assert task.ignore_result or app.conf.task_ignore_result
