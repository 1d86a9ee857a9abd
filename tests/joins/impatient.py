"""Homeroom's settings, for a worker that knows harmful tasks and has short time limits, so that tests can wait for
them."""

from config.settings import *  # noqa: F403

CELERY_INCLUDE = ["tests.joins.harmful"]
CELERY_WORKER_LOST_WAIT = 1  # seconds until a process that is gone counts as lost
