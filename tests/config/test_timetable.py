"""What beat starts. Nothing else is sent to run later."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

APPS = ["accounts", "classroom", "config", "joins", "privacy"]
LATER = {"eta", "countdown"}
FILES = [file for app in APPS for file in Path(app).rglob("*.py") if "migrations" not in file.parts]


@pytest.mark.fault("F04")
def test_no_task_is_sent_for_a_later_moment():
    """A task that waits longer than the visibility timeout would be delivered to one worker after the other."""
    for file in FILES:
        calls = [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)]
        assert [call.lineno for call in calls if LATER & {word.arg for word in call.keywords}] == [], file


@pytest.mark.fault("F02")
def test_a_tick_that_nobody_took_is_over_when_the_next_one_comes():
    for line in settings.CELERY_BEAT_SCHEDULE.values():
        assert line["options"] == {"expires": line["schedule"].run_every.total_seconds()}, line["task"]


@pytest.mark.fault("F21")
def test_a_beat_that_starts_after_its_clock_was_set_back_goes_on_at_once():
    last_run = timezone.now() + timedelta(hours=1)
    lines = settings.CELERY_BEAT_SCHEDULE.values()

    assert [line["task"] for line in lines if not line["schedule"].is_due(last_run).is_due] == []
