import logging
import uuid
from datetime import timedelta

from django.db import models, transaction
from django.db.models.functions import Now

from accounts import emails

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)  # how long a worker has a promise for itself; longer than any task may run
FIRST_WAIT = timedelta(minutes=1)  # after a failure, then twice as long each time
LONGEST_WAIT = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=3)  # if the mail server is away (F22)
POISON_TRIES = 3  # if a promise makes our own code fail, or ends the process that tries it (F26)


class PromiseQuerySet(models.QuerySet):
    def waiting(self):
        """Not given up, and not sent: a sent letter has no row, and Digest leaves out its sent rows."""
        return self.filter(parked_at=None)

    def due(self):
        return self.waiting().filter(due_at__lte=Now())

    def parked(self):
        return self.exclude(parked_at=None)

    def claim(self):
        """Take the promise that has been due longest, or None. No other worker gets it for LEASE.

        A promise is parked if its last POISON_TRIES tries ended without a result: each has ended its process.
        """
        while (promise := self._take()) and promise.faults > POISON_TRIES:
            promise.park()
            logger.error(
                "%s %s is given up: each try has ended its process", type(promise).__name__, promise.pk
            )
        return promise

    def _take(self):
        with transaction.atomic():
            longest = self.due().order_by("due_at").select_for_update(skip_locked=True, of=["self"])
            promise = longest.first()
            if promise:
                promise.tries += 1
                promise.faults += 1
                taken = {"tries": promise.tries, "faults": promise.faults}
                self.filter(pk=promise.pk).update(due_at=Now() + LEASE, **taken)
        return promise


class Promise(models.Model):
    """A mail that we owe somebody. Its row is written in the transaction of its reason, so no mail is lost (N2)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    created_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField(db_default=Now())
    tries = models.PositiveSmallIntegerField(default=0)
    # Tries since a mail server last refused: our own code failed, or the process ended before it could say why.
    faults = models.PositiveSmallIntegerField(default=0, db_default=0)
    parked_at = models.DateTimeField(
        null=True, blank=True, help_text="Given up: see the address or the server."
    )

    WHEN_PARKED = {}  # other fields to set when it's parked

    class Meta:
        abstract = True

    def __str__(self):
        return str(self.pk)

    def put_off(self, error):
        """Called when deliver() has raised `error`: try again later, or park it if trying again won't help."""
        waited_enough = type(self).objects.filter(pk=self.pk, created_at__lte=Now() - GIVE_UP_AFTER)
        faults = 0 if emails.is_of_mail_server(error) else self.faults
        if faults >= POISON_TRIES or emails.is_for_good(error) or waited_enough.exists():
            self.park()
        else:
            # Capped before multiplying, because a timedelta overflows at the 42nd doubling.
            wait = FIRST_WAIT * min(2 ** (self.tries - 1), LONGEST_WAIT // FIRST_WAIT)
            self._write(due_at=Now() + wait, faults=faults)

    def park(self):
        """Give up on it; operators see it in the admin."""
        self._write(parked_at=Now(), **self.WHEN_PARKED)

    def _write(self, **fields):
        # A worker that took longer than its lease must not overwrite what the next worker wrote.
        type(self).objects.waiting().filter(pk=self.pk, tries=self.tries).update(**fields)
