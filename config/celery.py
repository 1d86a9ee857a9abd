"""The worker and the clock. Tasks live in each app's tasks.py, their timetable in settings."""

import os
from datetime import timedelta

from celery import Celery
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("homeroom")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def every(task, **period):
    """A line of the timetable. A tick nobody took before the next one is dropped: no storm later (F02)."""
    schedule = timedelta(**period)
    return {"task": task, "schedule": schedule, "options": {"expires": schedule.total_seconds()}}


@app.task
def clear_sessions():
    call_command("clearsessions")
