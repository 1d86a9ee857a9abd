"""Homeroom's settings for processes in which everything breaks and names the person whom it was about."""

from datetime import timedelta

from celery.schedules import schedule

from config.settings import *  # noqa: F403

WHO = "Amina Yusuf\namina@school.example"


class Unsendable:
    def __json__(self):
        raise ValueError(WHO)


class Untimely(schedule):
    def is_due(self, last_run_at):
        raise ValueError(WHO)


CELERY_INCLUDE = ["tests.deployed.breaks"]
CELERY_WORKER_LOST_WAIT = 1  # seconds until a process that is gone counts as lost
ROOT_URLCONF = "tests.deployed.breaks"
CELERY_BEAT_SCHEDULE = {
    "cannot be sent": {
        "task": "tests.deployed.breaks.raises",
        "schedule": schedule(timedelta(seconds=1)),
        "kwargs": {"about": Unsendable()},
    },
    "cannot be timed": {"task": "tests.deployed.breaks.raises", "schedule": Untimely(timedelta(seconds=1))},
}
