import logging
from time import monotonic

from celery import shared_task

from accounts import emails
from accounts.models import Digest, Letter

logger = logging.getLogger(__name__)

RUN_FOR = 30  # seconds; then the next run goes on


@shared_task
def deliver_digests():
    """Mail what is due. Beat calls this every 30 seconds; twice at once, late or cut short does no harm."""
    Digest.objects.gather()
    _keep(Letter, Digest)  # nobody sits and waits for a digest


@shared_task
def deliver_letters():
    """Mail codes and links. Beat calls this every few seconds; otherwise as deliver_digests()."""
    _keep(Letter)


def _keep(*kinds):
    ends = monotonic() + RUN_FOR
    while monotonic() < ends and (promise := _claim(kinds)):
        try:
            promise.deliver()
        except Exception as error:  # one bad promise must not hold up the rest
            # A mail server's words hold the address; only a fault of our own needs its traceback.
            fault = not emails.is_of_mail_server(error)
            what = f"{type(promise).__name__} {promise.pk}"
            logger.error("%s was not delivered: %s", what, type(error).__name__, exc_info=fault)
            promise.put_off(error)
            if emails.is_server_away(error):
                return  # every further try would wait as long for nothing


def _claim(kinds):
    """The promise that waits longest, of the first kind that has one."""
    return next(filter(None, (kind.objects.claim() for kind in kinds)), None)
