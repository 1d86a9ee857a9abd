"""What tests/plugin.py changes for all tests."""

import gc
import re
from pathlib import Path

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import TransactionTestCase
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from classroom.models import Classroom


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("biology")
def test_after_a_test_that_commits_only_the_tables_with_rows_are_emptied():
    types = set(ContentType.objects.values_list("pk", flat=True))
    with CaptureQueriesContext(connection) as asked:
        TransactionTestCase()._fixture_teardown()
    emptied = [query["sql"] for query in asked if query["sql"].startswith(("DELETE", "TRUNCATE"))]

    assert not User.objects.exists()
    assert not Classroom.objects.exists()
    assert set(ContentType.objects.values_list("pk", flat=True)) == types
    assert 'DELETE FROM "classroom_classroom"' in emptied
    assert len(emptied) < 12


@pytest.mark.xdist_group("plugin")
def test_a_group_is_run_in_one_process(request):
    """pytest-xdist shares out whatever stands behind the last @ of a test's id, and else the test by itself."""
    is_shared_out = getattr(request.config.option, "loadgroup", False)

    assert request.node.nodeid.endswith("@plugin") == is_shared_out


def test_the_garbage_collector_leaves_alone_what_was_imported():
    assert gc.get_freeze_count() > 100_000
    assert gc.isenabled()


def test_all_tests_in_a_browser_are_in_one_folder_and_no_others():
    """bin/test and bin/ci leave the whole folder out when they run the others. Collecting it takes a second."""
    tests = {path: path.read_text() for path in Path("tests").rglob("*.py")}
    folders = {path.parent for path, text in tests.items() if re.search(r"mark\.browser", text)}
    unmarked = [
        path
        for path in Path("tests/browser").glob("test_*.py")
        if not re.search(r"^pytestmark = .*mark\.browser", tests[path], re.MULTILINE)
    ]

    assert folders == {Path("tests/browser")}
    assert unmarked == []
    assert "-m browser tests/browser" in Path("bin/ci").read_text()
