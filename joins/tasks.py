"""Celery tasks. If they run late, twice or at the same moment, nothing is recorded or notified twice (K6)."""

import logging

from celery import shared_task
from django.utils import timezone

from joins.acts import absent_owner, clock, week

logger = logging.getLogger(__name__)


@shared_task
def lock_due_codes():
    if locked := clock.lock_due():
        logger.info("%s Codes have locked themselves", locked)


@shared_task
def remind_of_requests():
    if reminded := clock.remind_of_requests():
        logger.info("%s requests that wait long were told of again", reminded)


@shared_task
def warn_before_lock():
    if warned := clock.warn_before_lock():
        logger.info("The managers of %s Codes are warned", warned)


@shared_task
def tell_of_absent_owners():
    if told := absent_owner.tell():
        logger.info("Others were told that the owners of %s classes are away", told)


@shared_task
def tell_of_week():
    if told := week.tell(timezone.now()):
        logger.info("The managers of %s classes were told of the week", told)
