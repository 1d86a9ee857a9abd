"""Celery tasks. If they run late, twice or at the same moment, nothing is recorded or told twice."""

import logging

from celery import shared_task

from classroom.acts import co_teachers, invite

logger = logging.getLogger(__name__)


@shared_task
def tell_of_ended_invitations():
    if ended := invite.tell_of_ends():
        logger.info("%s invitations have ended unused", ended)


@shared_task
def end_co_teachers():
    if ended := co_teachers.end_over():
        logger.info("The rights of %s co-teachers have ended", ended)


@shared_task
def warn_co_teachers():
    if warned := co_teachers.warn():
        logger.info("The rights of %s co-teachers end soon, and they are told", warned)
