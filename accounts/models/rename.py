from datetime import timedelta

from django.db import models
from django.db.models.functions import Now

MOST_A_DAY = 5  # changes of one's own name: each stands in the history of all their classes (A8)


class RenameQuerySet(models.QuerySet):
    def has_changed_enough(self, user):
        """Whether this person has changed their own name so often today that they have to wait."""
        today = self.filter(user=user, by=user, at__gt=Now() - timedelta(days=1))
        return today[MOST_A_DAY - 1 :].exists()


class Rename(models.Model):
    """A name that somebody had before, and who changed it when (A8). Written once, never changed."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="renames")
    by = models.ForeignKey("accounts.User", models.PROTECT, db_index=False, related_name="+")
    old = models.CharField(max_length=121)
    new = models.CharField(max_length=121)
    at = models.DateTimeField(db_default=Now())

    objects = RenameQuerySet.as_manager()

    def __str__(self):
        return f"{self.old} → {self.new}"

    @property
    def is_own(self):
        return self.by_id == self.user_id
