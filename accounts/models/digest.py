import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from accounts import emails
from accounts.models.notification import Notification
from accounts.models.user import User

A_DAY = timedelta(days=1)
MOST_A_DAY = 10  # digests to one person about one topic (T35)
LEASE = timedelta(minutes=10)  # how long a claimed digest is its worker's; longer than any task may run
FIRST_WAIT = timedelta(minutes=1)  # after a failure, then twice as long each time
LONGEST_WAIT = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=3)  # of a mail server that is away (F22)
POISON_TRIES = 3  # of a digest that breaks our own code (F26)


class DigestQuerySet(models.QuerySet):
    def gather(self):
        """Put what is due to be mailed into new digests, one a person and topic. Safe to run twice at once.

        Holds the rows of the people it writes to until it ends; people held by another run are its to serve.
        """
        with transaction.atomic():
            people = User.objects.reachable().filter(notifications__in=self._due_notifications())
            held = User.objects.filter(pk__in=people.values("pk"))
            held = list(held.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True))
            due = self._due_notifications().filter(user__in=held)
            for user_id, topic in due.values_list("user_id", "topic").distinct():
                digest = self.create(user_id=user_id, topic=topic)
                Notification.objects.to_mail().filter(user=user_id, topic=topic).update(digest=digest)

    def _due_notifications(self):
        earlier = self.filter(user=OuterRef("user"), topic=OuterRef("topic"))
        today = earlier.filter(created_at__gt=Now() - A_DAY)
        return Notification.objects.to_mail().filter(
            ~Exists(earlier.filter(created_at__gt=Now() - settings.DIGEST_EVERY)),
            ~Exists(today[MOST_A_DAY - 1 :]),  # there is a tenth one
            mail_at__lte=Now(),
        )

    def due(self):
        return self.filter(sent_at=None, parked_at=None, due_at__lte=Now())

    def parked(self):
        return self.exclude(parked_at=None)

    def claim(self):
        """Take the digest that waits longest, or None; no other worker sees it for LEASE."""
        with transaction.atomic():
            waiting = self.due().order_by("due_at").select_related("user")
            digest = waiting.select_for_update(skip_locked=True, of=["self"]).first()
            if digest:
                digest.tries += 1
                self.filter(pk=digest.pk).update(due_at=Now() + LEASE, tries=digest.tries)
        return digest


class Digest(models.Model):
    """One mail to one person about one topic: a promise to write, as a row (T35, N2)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey("accounts.User", models.CASCADE, db_index=False, related_name="digests")
    topic = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField(db_default=Now())
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    parked_at = models.DateTimeField(
        null=True, blank=True, help_text="Given up: see the address or the server."
    )

    objects = DigestQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(sent_at=None, parked_at=None), name="digests_to_send"
            ),
            models.Index(fields=["user", "topic", "created_at"], name="digests_of_a_topic"),
        ]

    def __str__(self):
        return str(self.pk)

    def deliver(self):
        """Mail what is still unread; with nothing left, or nobody to write to, drop the digest.

        Raises what the mail server or the template raises; tell put_off() about it.
        """
        unread = list(self.notifications.unread().order_by("pk"))
        if not unread or not User.objects.reachable().filter(pk=self.user_id).exists():
            self.delete()
            return
        emails.digest_mail(self, unread).send()
        self._write(sent_at=Now())

    def put_off(self, error):
        """After deliver() raised `error`: try again later, or park it where trying again will not help."""
        waited_enough = Digest.objects.filter(pk=self.pk, created_at__lte=Now() - GIVE_UP_AFTER)
        is_poison = not isinstance(error, OSError) and self.tries >= POISON_TRIES
        if is_poison or emails.is_for_good(error) or waited_enough.exists():
            self._write(parked_at=Now())
        else:
            # Capped before it is multiplied: a timedelta overflows at the 42nd doubling.
            wait = FIRST_WAIT * min(2 ** (self.tries - 1), LONGEST_WAIT // FIRST_WAIT)
            self._write(due_at=Now() + wait)

    def _write(self, **fields):
        # A worker that was slower than its lease must not undo what the next one wrote.
        Digest.objects.filter(pk=self.pk, tries=self.tries, sent_at=None).update(**fields)
