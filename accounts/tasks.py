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
    _deliver(Letter, Digest)  # letters first, because people sit and wait for them


@shared_task
def deliver_letters():
    """Mail codes and links. Beat calls this every few seconds. It's as safe to repeat as deliver_digests()."""
    _deliver(Letter)


def _deliver(*models):
    ends = monotonic() + RUN_FOR
    while monotonic() < ends and (mail := _claim_first(models)):
        try:
            mail.deliver()
        except Exception as error:  # one mail that fails must not stop the rest
            # A mail server's error names the recipient's address, so only an error in our own code logs its traceback.
            fault = not emails.is_mail_server_error(error)
            what = f"{type(mail).__name__} {mail.pk}"
            logger.error("%s was not delivered: %s", what, type(error).__name__, exc_info=fault)
            mail.retry_or_give_up(error)
            if emails.is_server_unavailable(error):
                return  # the server is away, so every other mail would wait as long and fail too


def _claim_first(models):
    """Claim a mail of the first of these models that has one due; None if none has."""
    return next(filter(None, (model.objects.claim() for model in models)), None)
