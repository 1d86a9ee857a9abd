from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts import emails
from accounts.models.promise import Promise, PromiseQuerySet


class LetterQuerySet(PromiseQuerySet):
    def write(self, kind, mail, user=None, lasts=None):
        """Owe somebody this mail. `user`: whose account it is about; None: it has none, or must not be told.

        `lasts`: how long what it says is good for; None: until we give up.
        """
        html = "".join(alternative.content for alternative in mail.alternatives)
        ends_at = Now() + lasts if lasts is not None else None
        said = {"subject": mail.subject, "text": mail.body, "html": html}
        return self.create(kind=kind, user=user, to=mail.to[0], ends_at=ends_at, **said)

    def over(self):
        return self.filter(ends_at__lte=Now())


class Letter(Promise):
    """A mail about an account: a code or a link that is a secret, or what has been changed.

    It is gone once it is sent, and empty once it is parked: nobody is to find a secret here later.
    """

    kind = models.CharField(max_length=60)
    # It goes with that person, whatever address it was for: an earlier one, or one that was never proved (T93).
    user = models.ForeignKey(
        "accounts.User", models.CASCADE, null=True, blank=True, db_index=False, related_name="letters"
    )
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField(blank=True)
    ends_at = models.DateTimeField(null=True, blank=True, help_text="After this it is of no use to anybody.")

    objects = LetterQuerySet.as_manager()

    WHEN_PARKED = {"text": "", "html": ""}

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(parked_at=None), name="letters_to_send"),
        ]

    def deliver(self):
        """Mail it, unless its end has come. Raises what the mail server raises; tell put_off() about it."""
        if not Letter.objects.over().filter(pk=self.pk).exists():
            emails.letter_mail(self).send()
        self.delete()
