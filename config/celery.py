"""The Celery app for worker and beat. Tasks are in the apps' tasks.py; config/timetable.py says how often they run."""

import logging
import os
import sys

from celery import Celery
from celery.signals import setup_logging
from django.core.cache import cache

from config import checks, health

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


app = Celery("homeroom")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_configure.connect
def refuse_to_start(**_):
    checks.refuse_to_start()  # runs in worker and beat before Celery reads its first setting


@setup_logging.connect
def log_like_the_rest(loglevel, **_):
    """Log as settings.LOGGING says, at the level of the command line.

    Without this receiver Celery adds handlers of its own.
    """
    logging.getLogger().setLevel(loglevel)
    app.log.redirect_stdouts("WARNING")
    sys.__stdout__ = sys.stdout  # a worker that is being stopped prints this to sys.__stdout__


@app.task
def tick():
    """Record that beat, broker and worker work together; config.health reads it."""
    health.record_now("tick")


@app.task
def throw_away_counts():
    cache.throw_away()
