"""How tests differ from a real start, and which of them are left out where a part is missing.

REQUIRE="postgres browser" turns "left out" into a failure for these; CI=true does so for all of them.
"""

import gc
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from _pytest.nodeid import NodeId
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.test import TransactionTestCase

# Of Debian's two, the one without windows takes a quarter of the time to open a person's browser.
CHROMIUMS = [Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium")]
CHROMIUM = next(filter(Path.exists, CHROMIUMS), None)

# Marker: is the part there, and what to do where it is not.
PARTS = {
    "postgres": (lambda: connection.vendor == "postgresql", "set DATABASE_URL to a PostgreSQL"),
    "redis": (lambda: settings.REDIS_URL is not None, "set REDIS_URL"),
    "nginx": (lambda: Path("/usr/sbin/nginx").exists(), "apt-get install nginx-light"),
    "caddy": (lambda: Path("/usr/bin/caddy").exists(), "apt-get install caddy"),
    "promtool": (lambda: Path("/usr/bin/promtool").exists(), "apt-get install prometheus"),
    "browser": (lambda: CHROMIUM is not None, "apt-get install chromium-headless-shell"),
}

# Until everything is imported and collected: none of it is garbage, and to look for some took a seventh of that time.
gc.disable()

COME_WITH_MIGRATIONS = {"django_content_type", "auth_permission"}


def missing():
    return {part: remedy for part, (is_there, remedy) in PARTS.items() if not is_there()}


def required():
    everything = " ".join(PARTS) if os.environ.get("CI") == "true" else ""
    return os.environ.get("REQUIRE", everything).split()


def pytest_configure(config):
    lacking = [f"{part} ({remedy})" for part, remedy in missing().items() if part in required()]
    if lacking:
        raise pytest.UsageError(f"Required, but not there: {', '.join(lacking)}")
    folder = Path(tempfile.mkdtemp(prefix="homeroom-tests-"))
    config.add_cleanup(lambda: shutil.rmtree(folder))
    _settle(folder)


def _settle(folder):
    # MD5 takes no time; Argon2 takes its time on purpose.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
    # As they are, so that nothing has to be collected first.
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STATIC_ROOT = folder
    settings.DELETION_LIST = folder / "deletion-list"
    # The table of counts is no model's, so tests that commit would hand theirs on to the next.
    settings.CACHES["default"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    TransactionTestCase._fixture_teardown = _delete_rows
    # A file: threads cannot share SQLite's database in memory. Of its own: two runs at once do not meet.
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(folder / "test.sqlite3")


def _delete_rows(_):
    """Empties the tables that have rows, after a test that commits.

    Django empties all of them and then fills those that come with the migrations again. On PostgreSQL that takes longer
    than most of the tests.
    """
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    quoted = map(connection.ops.quote_name, set(tables) - COME_WITH_MIGRATIONS)
    with transaction.atomic(), connection.cursor() as cursor:
        has_rows = (f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})" for table in quoted)  # noqa: S608
        cursor.execute(" UNION ALL ".join(has_rows))
        for (table,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608


@pytest.fixture(autouse=True)
def _rate_limits_begin_at_nought():
    cache.clear()


def _uses_no_server(item):
    """True if the test gives the same result whichever database and broker the settings name."""
    marks = ("django_db", "postgres", "redis")
    fixtures = {"db", "transactional_db", "live_server"}
    return not (fixtures & set(item.fixturenames) or any(item.get_closest_marker(mark) for mark in marks))


def _needs_postgres(item):
    """True if the test is marked so, or commits, as tests of races do."""
    database = item.get_closest_marker("django_db")
    return bool(item.get_closest_marker("postgres") or (database and database.kwargs.get("transaction")))


def pytest_collection_modifyitems(config, items):
    for item in items:
        if _uses_no_server(item):
            item.add_marker("engine_free")
        elif item.get_closest_marker("engine_free") and _needs_postgres(item):
            raise pytest.UsageError(f"{item.nodeid} needs PostgreSQL, so its file can't be engine_free.")
    lacking = missing()
    left_out = {item for item in items if any(item.get_closest_marker(part) for part in lacking)}
    if left_out:
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]


def pytest_itemcollected(item):
    """Keeps the tests of an xdist_group in one process, so that what they share is made once.

    pytest-xdist 3.8 writes the group behind the test's id as pytest kept it before 9.2.
    """
    group = item.get_closest_marker("xdist_group")
    if group and getattr(item.config.option, "loadgroup", False):
        item._id = NodeId.parse(f"{item.nodeid}@{group.args[0]}")


def pytest_collection_finish():
    """What is imported by now stays. Otherwise the garbage collector would look through all of it again and again."""
    gc.collect()
    gc.freeze()
    gc.enable()


def pytest_terminal_summary(terminalreporter):
    for part, remedy in missing().items():
        terminalreporter.write_line(f"Left out: tests marked {part}. To run them: {remedy}.", yellow=True)
