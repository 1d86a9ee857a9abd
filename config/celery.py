"""The worker and the clock. Tasks live in each app's tasks.py, their timetable in settings."""

import os

from celery import Celery
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("homeroom")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.task
def clear_sessions():
    call_command("clearsessions")
