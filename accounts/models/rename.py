from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Now

# Changes of one's own name, because each is shown in the history of all one's classes (A8).
MOST_OWN_RENAMES_A_DAY = 5
# Corrections of one account's name by teachers. The histories that show them are also those of other teachers' classes.
MOST_CORRECTIONS_A_DAY = 5


class RenameQuerySet(models.QuerySet):
    def refuse_too_many(self, user, by):
        """Raises ValidationError if `by` can't change this person's name, because of too many changes in 24 hours.

        Changes by the person are counted apart from those by others.
        """
        today = self.filter(user=user, at__gt=Now() - timedelta(days=1))
        if by.pk == user.pk:
            changes, most = today.filter(by=user), MOST_OWN_RENAMES_A_DAY
            refusal = f"You've changed your name {most} times today. Try again tomorrow."
        else:
            changes, most = today.exclude(by=user), MOST_CORRECTIONS_A_DAY
            refusal = f"This name has been corrected {most} times today. Try again tomorrow."
        if changes[most - 1 :].exists():
            raise ValidationError(refusal, code="often")


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
