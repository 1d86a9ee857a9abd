import logging
import uuid
from datetime import timedelta

from django.db import models, transaction
from django.db.models.functions import Now

from accounts import emails

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)  # how long a worker has a mail for itself; longer than any task may run
FIRST_WAIT = timedelta(minutes=1)  # after a failure, then twice as long each time
LONGEST_WAIT = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=3)  # if the mail server is away (F22)
MOST_FAULTS = 3  # if a mail makes our own code fail, or ends the process that tries it (F26)


class OutgoingMailQuerySet(models.QuerySet):
    def waiting(self):
        """Not given up, and not sent: a sent letter has no row, and Digest leaves out its sent rows."""
        return self.filter(given_up_at=None)

    def due(self):
        return self.waiting().filter(due_at__lte=Now())

    def given_up(self):
        return self.exclude(given_up_at=None)

    def claim(self):
        """Lease the mail that has been due longest and return it, or None. No other worker gets it for LEASE.

        A mail is given up if its last MOST_FAULTS tries ended without a result: each has ended its process.
        """
        while (mail := self._lease_first_due()) and mail.faults > MOST_FAULTS:
            mail.give_up()
            logger.error("%s %s is given up: each try has ended its process", type(mail).__name__, mail.pk)
        return mail

    def _lease_first_due(self):
        with transaction.atomic():
            due = self.due().order_by("due_at")
            mail = due.select_for_update(skip_locked=True, of=["self"]).first()
            if mail:
                mail.tries += 1
                mail.faults += 1
                self.filter(pk=mail.pk).update(due_at=Now() + LEASE, tries=mail.tries, faults=mail.faults)
        return mail


class OutgoingMail(models.Model):
    """A mail that has to be sent. Its row is written in the transaction of its reason, so no mail is lost (N2)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    created_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField(db_default=Now())
    tries = models.PositiveSmallIntegerField(default=0)
    # Tries since a mail server last refused: our own code failed, or the process ended before it could say why.
    faults = models.PositiveSmallIntegerField(default=0, db_default=0)
    given_up_at = models.DateTimeField(
        null=True, blank=True, db_column="parked_at", help_text="See the address or the server."
    )

    CLEARED_WHEN_GIVEN_UP = {}  # field name -> value

    class Meta:
        abstract = True

    def __str__(self):
        return str(self.pk)

    def retry_or_give_up(self, error):
        """Called when deliver() has raised `error`: try again later, or give up if trying again won't help."""
        faults = 0 if emails.is_mail_server_error(error) else self.faults
        is_our_fault = faults >= MOST_FAULTS
        is_too_old = type(self).objects.filter(pk=self.pk, created_at__lte=Now() - GIVE_UP_AFTER)
        if is_our_fault or emails.is_permanent(error) or is_too_old.exists():
            self.give_up()
        else:
            # Capped before multiplying, because a timedelta overflows at the 42nd doubling.
            wait = FIRST_WAIT * min(2 ** (self.tries - 1), LONGEST_WAIT // FIRST_WAIT)
            self._update_if_still_leased(due_at=Now() + wait, faults=faults)

    def give_up(self):
        """Never try again; operators see it in the admin."""
        self._update_if_still_leased(given_up_at=Now(), **self.CLEARED_WHEN_GIVEN_UP)

    def _update_if_still_leased(self, **fields):
        # A worker that took longer than its lease must not overwrite what the next worker wrote.
        type(self).objects.waiting().filter(pk=self.pk, tries=self.tries).update(**fields)
