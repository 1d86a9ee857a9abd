from datetime import timedelta

from django.db import models
from django.db.models.functions import Now

from joins.networks import LONGEST

KNOWN_FOR = timedelta(days=30)
SEEN_AGAIN_AFTER = timedelta(days=1)  # so that a school's morning writes its row once


class KnownNetworkQuerySet(models.QuerySet):
    def at(self, network, within=KNOWN_FOR):
        return self.filter(network=network, joined_at__gt=Now() - within)

    def joined_from(self, network):
        """Somebody was let in by a Code from here just now, or an operator says that it is a school's."""
        self.bulk_create(
            [self.model(network=network, joined_at=Now())],
            update_conflicts=True,
            unique_fields=["network"],
            update_fields=["joined_at"],
        )


class KnownNetwork(models.Model):
    """Where somebody was let in by a Code lately: no stranger to the guessing of others (T18)."""

    network = models.CharField(max_length=LONGEST, unique=True)
    joined_at = models.DateTimeField(db_index=True)

    objects = KnownNetworkQuerySet.as_manager()

    def __str__(self):
        return self.network
