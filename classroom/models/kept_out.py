from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from classroom import notices
from classroom.models.event import Event


class KeptOutQuerySet(models.QuerySet):
    def block(self, classroom, users, by):
        """Block these people. For somebody who is blocked already, nothing changes."""
        blocks = [KeptOut(classroom=classroom, user=user, by=by) for user in users]
        return self.bulk_create(blocks, ignore_conflicts=True)


class KeptOut(models.Model):
    """A person who is blocked: neither Code nor Join URL works for them until a manager unblocks them (Q7)."""

    classroom = models.ForeignKey(
        "classroom.Classroom", models.CASCADE, related_name="kept_out", verbose_name="class"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="kept_out_of", verbose_name="person"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="blocked by"
    )
    at = models.DateTimeField(db_default=Now(), verbose_name="blocked at")

    objects = KeptOutQuerySet.as_manager()

    class Meta:
        verbose_name = "blocked person"
        verbose_name_plural = "blocked people"
        constraints = [models.UniqueConstraint(fields=["classroom", "user"], name="kept_out_once")]

    def __str__(self):
        return f"{self.user} blocked from {self.classroom}"

    def let_back(self, by):
        """Unblock the person: the Code and the Join URL work for them again.

        If the same manager does it again, nothing changes. Raises DoneByAnother if another manager was first.
        """
        with self.classroom.one_at_a_time("let_back", by) as classroom:
            deleted, _ = KeptOut.objects.filter(pk=self.pk).delete()
            if deleted:
                classroom.record(Event.Kind.LET_BACK, by, user=self.user)
                notices.unblocked(classroom, self.user)
            else:
                classroom.events.get_repeated(Event.Kind.LET_BACK, by, user=self.user)
