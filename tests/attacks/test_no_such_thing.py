"""What must not be in the code at all, because nothing could then go wrong with it."""

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
    """A mail scanner that runs scripts must neither ask to join nor decide anything."""
    assert len(SCRIPTS) > 2
    presses = r"submit\(|requestSubmit|\.click\(|fetch\(|XMLHttpRequest|sendBeacon|dispatchEvent|htmx\.(ajax|trigger)"
    # The queue reloads its own page, and tells the page's other scripts which rows and buttons have changed. A browser
    # that calls itself offline asks whether the server is there. What a page has missed, it asks for again, and what it
    # asked for is given up: both are GET, as the last lines of this test see to.
    harmless = (
        'fetch("/healthz", ',
        "fetch(queue().dataset.news, ",
        'dispatchEvent(new Event("many-changed"',
        'dispatchEvent(new Event("gone"',
        'dispatchEvent(new Event("rows-move"',
        'dispatchEvent(new Event("news-missed"',
        'htmx.trigger(document.body, "counts-changed")',
        'htmx.trigger(poll(), "htmx:abort")',
        "for (const name of again) htmx.trigger(document.body, name)",  # "queue-changed" and "counts-changed"
    )
    found = lines_with(presses, SCRIPTS)
    assert [line for line in found if not any(part in line for part in harmless)] == []
    assert lines_with(r"method:", SCRIPTS) == []
    # A change of a field is a person's, and so is a press. A poll or the loading of a page is not.
    itself, acts = r'hx-trigger="(?!change )', r"hx-(post|put|patch|delete)="
    by_itself = rf"<[^>]*{acts}[^>]*{itself}|<[^>]*{itself}[^>]*{acts}"
    assert [path for path in TEMPLATES if re.search(by_itself, path.read_text())] == []


def reads_request(path):
    return re.search(r"\brequest\.|cleaned_data", path.read_text())


@pytest.mark.threat("T69")
def test_no_look_up_takes_its_words_from_a_request():
    """In files that read requests, the field names of a database query are written out."""
    looks_up = {"filter", "exclude", "get", "annotate", "alias", "aggregate", "Q", "order_by", "values"}
    for path, call in nodes(PYTHON, ast.Call):
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        spread = [keyword.value for keyword in call.keywords if keyword.arg is None]
        assert name not in looks_up or spread == [] or not reads_request(path), path
    raw = lines_with(r"\.(raw|extra)\(|RawSQL|order_by\([^\"]*request|\beval\(", PYTHON)
    # Adds RETURNING to the SQL of a queryset.
    assert [line for line in raw if not line.startswith("accounts/bulk.py")] == []


@pytest.mark.threat("T69")
def test_no_look_up_is_put_together_from_pairs():
    """Q((name, value)) takes any field name, so files that read requests don't use it."""
    reading = [path for path in PYTHON if re.search(r"\brequest\.[A-Z]|cleaned_data", path.read_text())]

    assert len(reading) > 9
    assert lines_with(r"\bQ\(\(", reading) == []


@pytest.mark.threat("T69")
def test_nothing_is_unpickled():
    """Pickle stays inside Django's cache. Only one of our files writes to that cache."""
    cache = Path("config/rate_limit_cache.py")
    assert lines_with(r"\bpickle\b", [path for path in PYTHON if path != cache]) == []
    assert lines_with(r"pickle\.loads|Unpickler", [cache]) == []


@pytest.mark.threat("T26")
def test_no_task_is_told_anything():
    """So no Code, name or address is in a broker, a result or a worker's log."""
    app.loader.import_default_modules()
    ours = [task for name, task in app.tasks.items() if not name.startswith("celery.")]

    assert len(ours) > 4
    for task in ours:
        assert list(signature(task.run).parameters) == [], task.name
        assert task.ignore_result or app.conf.task_ignore_result
