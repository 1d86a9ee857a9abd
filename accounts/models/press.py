from datetime import timedelta

from django.db import models
from django.db.models.functions import Now

REMEMBERED_FOR = timedelta(seconds=30)  # a double click, also on a slow line


class PressQuerySet(models.QuerySet):
    def over(self):
        return self.filter(at__lte=Now() - REMEMBERED_FOR)

    def answered(self, key, session):
        """Return the press with this key if it's recent, answered, and came or ended in this session; else None."""
        is_same = models.Q(came_in=session) | models.Q(ended_in=session)
        return self.filter(is_same, key=key, at__gt=Now() - REMEMBERED_FOR).exclude(location="").first()

    def begin(self, key, session):
        """Return a row for this press, and whether it's the first. Waits while another press holds the same row."""
        self.over().filter(key=key).delete()
        return self.get_or_create(key=key, came_in=session, defaults={"ended_in": session})


class Press(models.Model):
    """A form about an account that was pressed, and the answer that a second press of it gets again (J10; ADR 22)."""

    key = models.CharField(max_length=64)  # a keyed digest of browser, address and fields
    at = models.DateTimeField(db_default=Now())
    # The keys of the sessions that it came in and ended in; empty if there was none.
    came_in = models.CharField(max_length=40, blank=True)
    ended_in = models.CharField(max_length=40, blank=True)
    location = models.TextField(blank=True)
    said = models.JSONField(default=list)  # level, sentence and tags of each message

    objects = PressQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "came_in"], name="one_press")]

    def __str__(self):
        return f"Press {self.pk}"

    def forget(self):
        """The form was refused, so the same press may be tried again."""
        self.delete()

    def answer(self, location, said, session):
        """Store the answer for a second press."""
        Press.objects.filter(pk=self.pk).update(location=location, said=said, ended_in=session or "")
