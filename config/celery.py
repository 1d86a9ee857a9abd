"""The worker and the clock. Tasks live in each app's tasks.py, their timetable in settings."""

import logging
import os
import sys

from celery import Celery
from celery.signals import setup_logging
from django.core.cache import cache
from django.core.management import call_command

from config import checks, health

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


app = Celery("homeroom")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_configure.connect
def refuse_to_start(**_):
    checks.refuse_to_start()  # worker and beat alike, before Celery reads a setting


@setup_logging.connect
def log_like_the_rest(loglevel, **_):
    """Celery would give its loggers handlers of its own. Here it chooses the level, and what it prints is logged."""
    logging.getLogger().setLevel(loglevel)
    app.log.redirect_stdouts("WARNING")
    sys.__stdout__ = sys.stdout  # to which a worker says that it is being stopped


@app.task
def tick():
    """Beat has called, the broker has brought it, a worker has heard: see config.health."""
    health.tick()


@app.task
def clear_sessions():
    call_command("clearsessions")


@app.task
def throw_away_counts():
    cache.throw_away()
