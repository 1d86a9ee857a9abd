from contextlib import suppress
from datetime import timedelta

from django.db import IntegrityError, models
from django.db.models.functions import Now

from classroom.models import Membership
from joins.models.known_network import KNOWN_FOR
from joins.models.subqueries import as_boolean
from joins.networks import LONGEST

RECORD_AGAIN_AFTER = timedelta(days=1)  # so that a lesson writes the row of its class only once
# Networks of one class. Once a class has so many, log-ins of its teachers add no more. Otherwise one account could log
# in from thousands of addresses and make all of them known (T18).
MOST_NETWORKS = 50


class ClassNetworkQuerySet(models.QuerySet):
    def at(self, network, within=KNOWN_FOR):
        return self.filter(network=network, seen_at__gt=Now() - within)

    def values_seen_today(self):
        """Return whether each was seen within RECORD_AGAIN_AFTER and needn't be recorded again."""
        is_recent = models.Q(seen_at__gt=Now() - RECORD_AGAIN_AFTER)
        return self.values_list(as_boolean(is_recent))

    def record_join(self, network, classroom_id):
        """Record that somebody has just joined a class by its Code from this network."""
        self._record(network, [classroom_id])

    def record_teacher(self, network, teacher):
        """Record that a teacher is logged in from this network, for each open class that they manage."""
        networks = self.filter(classroom=models.OuterRef("classroom"))
        managing = Membership.objects.of_manager(teacher).not_archived()
        to_record = managing.filter(
            ~models.Exists(networks.at(network, within=RECORD_AGAIN_AFTER)),
            ~models.Exists(networks[MOST_NETWORKS - 1 :]),
        )
        self._record(network, to_record.order_by("classroom").values_list("classroom", flat=True))

    def _record(self, network, classroom_ids):
        with suppress(IntegrityError):  # a class was deleted at this very moment
            self.bulk_create(
                [
                    self.model(network=network, classroom_id=classroom_id, seen_at=Now())
                    for classroom_id in classroom_ids
                ],
                update_conflicts=True,
                unique_fields=["network", "classroom"],
                update_fields=["seen_at"],
            )


class ClassNetwork(models.Model):
    """A network from which somebody joined a class by its Code, or from which one of its teachers logged in.

    The Code of this class keeps working in this network, even while others there type wrong Codes (T17). The network of
    any class is a known network: the limit on guesses from all unknown networks doesn't apply there (T18).
    """

    network = models.CharField(max_length=LONGEST)
    classroom = models.ForeignKey(
        "classroom.Classroom", models.CASCADE, related_name="networks", verbose_name="class"
    )
    seen_at = models.DateTimeField(db_index=True, verbose_name="last seen at")

    objects = ClassNetworkQuerySet.as_manager()

    class Meta:
        verbose_name = "network of a class"
        verbose_name_plural = "networks of classes"
        constraints = [
            models.UniqueConstraint(fields=["network", "classroom"], name="one_network_of_a_class")
        ]

    def __str__(self):
        return f"{self.classroom} in {self.network}"
