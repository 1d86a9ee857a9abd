"""What a process does at its start, counted: each command and each health check of a worker is a process of its own."""

import json
import os
import subprocess
import sys

import pytest

START = """
import gc, json, sys
from config.checks import refuse_to_start
refuse_to_start()
first = gc.get_freeze_count()
has_worker = "config.celery" in sys.modules
import django
django.setup()
import config.urls
json.dump([has_worker, first, gc.get_freeze_count(), len(gc.get_objects())], sys.stdout)
"""


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    folder = str(tmp_path_factory.mktemp("start"))
    environ = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "VAR_DIR": folder}
    return json.loads(
        subprocess.run([sys.executable, "-c", START], env=environ, stdout=-1, check=True).stdout
    )


def test_only_worker_and_beat_set_celery_up_before_they_know_whether_they_may_start(seen):
    has_worker, *_ = seen

    assert not has_worker


def test_the_garbage_collector_looks_only_once_through_what_is_imported(seen):
    """It is left out as soon as the settings are read, and the views as soon as all of them are there."""
    _, at_first, with_views, rest = seen

    assert 30_000 < at_first < with_views
    assert rest < with_views / 10
