"""Hourly tasks that delete data whose retention period is over, in small steps.

They may run late, twice, or at the same time: each run deletes what it still finds.
"""

import logging
from time import monotonic

from celery import shared_task

from privacy.models import Classless, Person, retention
from privacy.models.classless import erase_never_let_in

logger = logging.getLogger(__name__)

RUN_FOR = 20  # seconds of deleting rows in one run; if this is too short, the next run goes on


@shared_task
def forget():
    ends = monotonic() + RUN_FOR
    for what, rows in retention.outdated().items():
        gone = 0
        while monotonic() < ends and (lot := retention.forget_a_lot(rows)):
            gone += lot
        _note(what, gone)
    _note("mail files", retention.forget_mail_files())


@shared_task
def forget_people():
    _note("accounts that no class let in", erase_never_let_in())
    Classless.objects.look_around()
    _note("students warned", Classless.objects.warn())
    _note("accounts without a class", Classless.objects.erase_warned())
    _note("erasures ended", Person.objects.finish_erasures())  # last: also deletes sessions of those above


def _note(what, how_many):
    if how_many:
        logger.info("Forgotten, or about to be: %s %s", how_many, what)
