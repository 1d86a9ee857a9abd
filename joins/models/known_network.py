from datetime import timedelta

from django.db import models
from django.db.models.functions import Now

from joins.networks import LONGEST

KNOWN_FOR = timedelta(days=30)


class KnownNetworkQuerySet(models.QuerySet):
    def at(self, network):
        return self.filter(network=network, joined_at__gt=Now() - KNOWN_FOR)

    def record(self, network):
        """Record for an operator that this is a school's network."""
        self.bulk_create(
            [self.model(network=network, joined_at=Now())],
            update_conflicts=True,
            unique_fields=["network"],
            update_fields=["joined_at"],
        )


class KnownNetwork(models.Model):
    """A school's network that an operator has named, so that it is known before anybody has joined from it (T18)."""

    network = models.CharField(max_length=LONGEST, unique=True)
    # When an operator named it. The previous release, which still reads it while servers are being replaced, stored the
    # time of a join here (F27).
    joined_at = models.DateTimeField(db_index=True, verbose_name="named at")

    objects = KnownNetworkQuerySet.as_manager()

    class Meta:
        verbose_name = "network of the school"
        verbose_name_plural = "networks of the school"

    def __str__(self):
        return self.network
