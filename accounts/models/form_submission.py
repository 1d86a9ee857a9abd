from datetime import timedelta

from django.db import models
from django.db.models.functions import Now

SAME_FORM_WITHIN = timedelta(seconds=30)  # a double click, also on a slow line


class FormSubmissionQuerySet(models.QuerySet):
    def expired(self):
        return self.filter(at__lte=Now() - SAME_FORM_WITHIN)

    def find_answered(self, key, session_key):
        """Return the recent submission with this key that has an answer, if it came or ended in this session."""
        is_same = models.Q(came_in=session_key) | models.Q(ended_in=session_key)
        return self.filter(is_same, key=key, at__gt=Now() - SAME_FORM_WITHIN).exclude(location="").first()

    def forget_answers(self, session_key):
        """What this session has sent so far may be sent again. What it is sending now has no answer yet."""
        self.filter(came_in=session_key).exclude(location="").delete()

    def begin(self, key, session_key):
        """Return a row for this submission, and whether it's the first.

        Waits while another submission of the same form holds the same row.
        """
        self.expired().filter(key=key).delete()
        return self.get_or_create(key=key, came_in=session_key, defaults={"ended_in": session_key})


class FormSubmission(models.Model):
    """A form about an account that was sent, and the answer that a second press of it gets again (J10; ADR 22)."""

    key = models.CharField(max_length=64)  # a keyed digest of browser, address and fields
    at = models.DateTimeField(db_default=Now())
    # The keys of the sessions that it came and ended in; empty if there was none.
    came_in = models.CharField(max_length=40, blank=True)
    ended_in = models.CharField(max_length=40, blank=True)
    location = models.TextField(blank=True)
    messages = models.JSONField(default=list, db_column="said")  # level, sentence and tags of each message

    objects = FormSubmissionQuerySet.as_manager()

    class Meta:
        db_table = "accounts_press"
        constraints = [models.UniqueConstraint(fields=["key", "came_in"], name="one_press")]

    def __str__(self):
        return f"Form submission {self.pk}"

    def discard(self):
        """The form was refused, so it may be sent again unchanged."""
        self.delete()

    def store_answer(self, location, messages, session_key):
        """Store what a second press is answered with."""
        row = FormSubmission.objects.filter(pk=self.pk)
        row.update(location=location, messages=messages, ended_in=session_key or "")
