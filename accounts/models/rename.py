from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Now

# Changes of one's own name, because each is shown in the history of all one's classes (A8).
MOST_OWN_RENAMES_A_DAY = 5


class RenameQuerySet(models.QuerySet):
    def refuse_too_many(self, user):
        """Raises ValidationError if the person has changed their own name too often in the last 24 hours."""
        today = self.filter(user=user, by=user, at__gt=Now() - timedelta(days=1))
        if today[MOST_OWN_RENAMES_A_DAY - 1 :].exists():
            raise ValidationError(
                f"You've changed your name {MOST_OWN_RENAMES_A_DAY} times today. Try again tomorrow.",
                code="often",
            )


class Rename(models.Model):
    """One change of a person's name: the old and new name, by whom and when (A8). Written once, never changed."""

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
