import logging
from time import monotonic

from celery import shared_task

from accounts import emails
from accounts.models import Digest

logger = logging.getLogger(__name__)

RUN_FOR = 30  # seconds; then the next run goes on


@shared_task
def deliver_digests():
    """Mail what is due. Beat calls this every 30 seconds; twice at once, late or cut short does no harm."""
    Digest.objects.gather()
    ends = monotonic() + RUN_FOR
    while monotonic() < ends and (digest := Digest.objects.claim()):
        try:
            digest.deliver()
        except Exception as error:  # one bad digest must not hold up the rest
            # A mail server's words hold the address; only a fault of our own needs its traceback.
            fault = not isinstance(error, OSError)
            logger.error("Digest %s was not delivered: %s", digest.pk, type(error).__name__, exc_info=fault)
            digest.put_off(error)
            if emails.is_server_away(error):
                return  # every further try would wait as long for nothing
