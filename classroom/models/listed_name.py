from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce, Now

from classroom.models.event import Door
from classroom.same_name import exact


def slip_name(**of_row):
    """Return an expression for rows with a `door`: the name on the slip with which somebody joined, or "".

    It's empty too once the list is deleted. `of_row` leads from a name to the row, if not by the letters of the Code.
    """
    of_row = of_row or {"slips__join_code__code": models.OuterRef("code")}
    name = models.Subquery(ListedName.objects.filter(**of_row).values("name"))
    empty = models.Value("")
    return models.Case(models.When(door=Door.SLIP, then=Coalesce(name, empty)), default=empty)


class ListedNameQuerySet(models.QuerySet):
    def outdated(self):
        """Filter by the names that were kept long enough (L2)."""
        return self.filter(classroom__list_kept_at__lte=Now() - settings.CLASS_LISTS_KEPT_FOR)

    def in_time(self):
        """Filter by the names whose list isn't outdated, by the database's clock."""
        return self.filter(classroom__list_kept_at__gt=Now() - settings.CLASS_LISTS_KEPT_FOR)

    def forget(self, name, classes):
        """Delete the lines with this name from the lists of these classes (pks)."""
        lines = self.filter(classroom__in=classes).values_list("pk", "name")
        self.filter(pk__in=[pk for pk, listed in lines if exact(listed) == exact(name)]).delete()

    def of(self, classroom):
        """Return the names on the list of a class, in the order in which they were pasted.

        A class without a list needs no query.
        """
        if classroom.list_kept_at is None:
            return []
        return list(self.filter(classroom=classroom).order_by("pk").values_list("name", flat=True))


class ListedName(models.Model):
    """A name on a class list, of somebody that the class expects. It's only a name: no account belongs to it (L1)."""

    classroom = models.ForeignKey(
        "classroom.Classroom",
        models.CASCADE,
        db_index=False,
        related_name="listed_names",
        verbose_name="class",
    )
    name = models.CharField(max_length=121)

    objects = ListedNameQuerySet.as_manager()

    class Meta:
        verbose_name = "name on a class list"
        verbose_name_plural = "names on class lists"
        constraints = [models.UniqueConstraint(fields=["classroom", "name"], name="listed_once")]

    def __str__(self):
        return self.name
