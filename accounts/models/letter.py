from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts import emails
from accounts.models.outgoing_mail import OutgoingMail, OutgoingMailQuerySet


class LetterQuerySet(OutgoingMailQuerySet):
    def enqueue(self, kind, mail, user=None, valid_for=None):
        """Write a row for this mail, which the worker sends. `user` has the account it's about, if the mail names one.

        `valid_for` says how long its code works, as a timedelta; None if we try to send it until we give up.
        """
        html = "".join(alternative.content for alternative in mail.alternatives)
        ends_at = Now() + valid_for if valid_for is not None else None
        content = {"subject": mail.subject, "text": mail.body, "html": html}
        return self.create(kind=kind, user=user, to=mail.to[0], ends_at=ends_at, **content)

    def expired(self):
        return self.filter(ends_at__lte=Now())


class Letter(OutgoingMail):
    """A mail about an account, with a secret code or link, or about what has been changed.

    It's deleted once it's sent, and its text is emptied once it's given up, so that nobody finds a secret here later.
    """

    kind = models.CharField(max_length=60)
    # Deleted with this person, whatever address it was for: an earlier one, or one that was never verified (T93).
    user = models.ForeignKey(
        "accounts.User",
        models.CASCADE,
        null=True,
        blank=True,
        db_index=False,
        related_name="letters",
        verbose_name="person",
    )
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField(blank=True)
    ends_at = models.DateTimeField(null=True, blank=True, help_text="After this it is of no use to anybody.")

    objects = LetterQuerySet.as_manager()

    CLEARED_WHEN_GIVEN_UP = {"text": "", "html": ""}

    class Meta:
        verbose_name = "other email"
        verbose_name_plural = "other emails"
        indexes = [
            models.Index(fields=["due_at"], condition=Q(given_up_at=None), name="letters_to_send"),
        ]

    def deliver(self):
        """Mail it unless ends_at has passed, then delete it.

        Raises what the mail server raises; the caller passes it to retry_or_give_up().
        """
        if not Letter.objects.expired().filter(pk=self.pk).exists():
            emails.letter_mail(self).send()
        self.delete()
