from contextlib import suppress
from datetime import timedelta

from django.db import IntegrityError, models
from django.db.models.functions import Now

from classroom.models import Membership
from classroom.rights import MANAGERS
from joins.models.known_network import KNOWN_FOR
from joins.networks import LONGEST

SEEN_AGAIN_AFTER = timedelta(days=1)  # so that a lesson writes its class's row once
# Networks of one class. Beyond them its teachers' log-ins are not noted: one account, logged in from thousands of
# addresses, would make all of them known (T18).
MOST_TAUGHT_FROM = 50


class ClassNetworkQuerySet(models.QuerySet):
    def at(self, network, within=KNOWN_FOR):
        return self.filter(network=network, seen_at__gt=Now() - within)

    def joined_from(self, network, classroom):
        """Somebody has just joined the class whose number is `classroom`, by its Code, from here."""
        self._note(network, [classroom])

    def taught_from(self, network, teacher):
        """`teacher` is logged in here, and with them the classes that they manage are here."""
        mine = self.filter(classroom=models.OuterRef("classroom"))
        managed = Membership.objects.filter(
            ~models.Exists(mine.at(network, within=SEEN_AGAIN_AFTER)),
            ~models.Exists(mine[MOST_TAUGHT_FROM - 1 :]),
            user=teacher,
            role__in=MANAGERS,
            classroom__archived_at=None,
        )
        self._note(network, managed.order_by("classroom").values_list("classroom", flat=True))

    def _note(self, network, classrooms):
        with suppress(IntegrityError):  # a class has been deleted in this very moment
            self.bulk_create(
                [
                    self.model(network=network, classroom_id=classroom, seen_at=Now())
                    for classroom in classrooms
                ],
                update_conflicts=True,
                unique_fields=["network", "classroom"],
                update_fields=["seen_at"],
            )


class ClassNetwork(models.Model):
    """From where a class is joined by its Code, or its teachers log in: there its Code works whatever others do (T17).

    A network of any class is a known one: the guessing of others concerns nobody there (T18).
    """

    network = models.CharField(max_length=LONGEST)
    classroom = models.ForeignKey("classroom.Classroom", models.CASCADE, related_name="networks")
    seen_at = models.DateTimeField(db_index=True)

    objects = ClassNetworkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network", "classroom"], name="one_network_of_a_class")
        ]

    def __str__(self):
        return f"{self.classroom} in {self.network}"
