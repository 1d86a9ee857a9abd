"""Celery tasks. If they run late, twice or at the same moment, nothing is told twice."""

import logging

from celery import shared_task

from classroom.acts import invite

logger = logging.getLogger(__name__)


@shared_task
def tell_of_ended_invitations():
    if ended := invite.tell_of_ends():
        logger.info("%s invitations have ended unused", ended)
