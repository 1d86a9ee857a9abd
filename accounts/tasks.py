import logging
from time import monotonic

from celery import shared_task

from accounts import emails
from accounts.models import Digest, Letter

logger = logging.getLogger(__name__)

RUN_FOR = 30  # seconds; the next run continues


@shared_task
def deliver_digests():
    """Mail what is due. Beat calls this every 30 seconds. Running twice at once, late or only half does no harm."""
    Digest.objects.gather()
    _keep(Letter, Digest)  # letters first, because people sit and wait for them


@shared_task
def deliver_letters():
    """Mail codes and links. Beat calls this every few seconds. It's as safe to repeat as deliver_digests()."""
    _keep(Letter)


def _keep(*kinds):
    ends = monotonic() + RUN_FOR
    while monotonic() < ends and (promise := _claim(kinds)):
        try:
            promise.deliver()
        except Exception as error:  # one mail that fails must not stop the rest
            # A mail server's error names the recipient's address, so only an error in our own code logs its traceback.
            fault = not emails.is_of_mail_server(error)
            what = f"{type(promise).__name__} {promise.pk}"
            logger.error("%s was not delivered: %s", what, type(error).__name__, exc_info=fault)
            promise.put_off(error)
            if emails.is_server_away(error):
                return  # the server is away, so every other mail would wait as long and fail too


def _claim(kinds):
    """Claim the promise that has been due longest, of the first kind that has one; None if there is none."""
    return next(filter(None, (kind.objects.claim() for kind in kinds)), None)
