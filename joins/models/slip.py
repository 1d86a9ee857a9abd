from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from classroom.same_name import exact


def _is_alive():
    kept_after = Now() - settings.CLASS_LISTS_KEPT_FOR
    return models.Q(used_at=None, listed_name__classroom__list_kept_at__gt=kept_after)


class SlipQuerySet(models.QuerySet):
    def unused(self):
        return self.filter(used_at=None)

    def used(self):
        people = self.exclude(used_at=None).select_related("used_by", "listed_name")
        return people.order_by("used_at", "pk")

    def alive(self):
        """Filter by the slips that still let somebody in: unused, and of a list whose time isn't up (L2).

        The database's clock decides, and not the task that deletes old lists.
        """
        return self.filter(_is_alive())

    def alive_or_used_by(self, user_id):
        return self.filter(_is_alive() | models.Q(used_by=user_id))

    def of(self, classroom):
        return self.filter(listed_name__classroom=classroom)


class Slip(models.Model):
    """A personal Code on paper: it lets in one person, for one name on the class list, once (L4; ADR 33).

    Its Code is a JoinCode that is retired from the beginning, because it's never the Code of its class. Using one is
    acts.by_code.use_code(). The row is deleted when a manager cancels the slip, and with the name on the list. Nothing
    else needs to be done then: its Code stays retired, and is never issued again (K4).
    """

    join_code = models.OneToOneField(
        "joins.JoinCode", models.PROTECT, related_name="slip", verbose_name="Code"
    )
    listed_name = models.ForeignKey(
        "classroom.ListedName", models.CASCADE, related_name="slips", verbose_name="name on the list"
    )
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = SlipQuerySet.as_manager()

    class Meta:
        verbose_name = "slip"
        verbose_name_plural = "slips"
        constraints = [
            models.UniqueConstraint(
                fields=["listed_name"], condition=models.Q(used_at=None), name="one_unused_slip"
            ),
            models.CheckConstraint(
                condition=models.Q(used_at=None, used_by=None)
                | models.Q(used_at__isnull=False, used_by__isnull=False),
                name="slip_used_at_and_by",
            ),
        ]

    def __str__(self):
        return f"Slip for {self.listed_name}"

    @property
    def is_used_by_another_name(self):
        """Whether the account that used it isn't called as the list says. Somebody else may have found the paper."""
        return exact(self.used_by.full_name) != exact(self.listed_name.name)
