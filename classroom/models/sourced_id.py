from uuid import uuid4

from django.conf import settings
from django.db import models

BATCH = 1000  # people who get an id by one statement


class SourcedIdManager(models.Manager):
    def give(self, users):
        """Give an id to each of these users (a query) who has none. It does no harm to do it twice, or at once."""
        without = users.filter(sourced_id=None).order_by("pk").values_list("pk", flat=True)
        while pks := list(without[:BATCH]):
            self.bulk_create((self.model(user_id=pk) for pk in pks), ignore_conflicts=True)


class SourcedId(models.Model):
    """The id under which other systems know a person: random, and the same in every export (OneRoster's sourcedId).

    The number of an account would do, but after a restore another account can get it. It goes with the account.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="sourced_id", verbose_name="person"
    )
    value = models.UUIDField(unique=True, default=uuid4)

    objects = SourcedIdManager()

    class Meta:
        verbose_name = "id in exports"
        verbose_name_plural = "ids in exports"

    def __str__(self):
        return str(self.value)
