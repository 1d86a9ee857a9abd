"""Hourly tasks that delete data whose retention period is over, in small steps.

They may run late, twice, or at the same time: each run deletes what it still finds.
"""

import logging
from collections import Counter
from time import monotonic

from celery import shared_task

from privacy.models import Classless, Person, retention
from privacy.models.classless import erase_never_let_in

logger = logging.getLogger(__name__)

RUN_FOR = 20  # seconds of deleting rows in one run; if this is too short, the next run goes on


@shared_task
def forget():
    """Delete a batch of each kind in turn, so that a flood of one kind keeps no other kind longer."""
    ends, left, deleted = monotonic() + RUN_FOR, retention.outdated(), Counter()
    while left and monotonic() < ends:
        for name, rows in list(left.items()):
            if batch := retention.delete_batch(rows):
                deleted[name] += batch
            else:
                del left[name]
    for name, count in deleted.items():
        _log(name, count)
    _log("mail files", retention.delete_old_mail_files())


@shared_task
def forget_people():
    _log("accounts that no class let in", erase_never_let_in())
    Classless.objects.update_rows()
    _log("students warned", Classless.objects.warn())
    _log("accounts without a class", Classless.objects.erase_warned())
    _log("erasures ended", Person.objects.finish_erasures())  # last: also deletes sessions of those above


def _log(name, count):
    if count:
        logger.info("Forgotten, or about to be: %s %s", count, name)
