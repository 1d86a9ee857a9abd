import secrets

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse

from accounts.compiled import compiled
from classroom.models import Event
from joins.addresses import full_address


def new_key():
    """Return 128 random bits as text. They are not derived from anything about the class (T48)."""
    return secrets.token_urlsafe(16)


class JoinURL(models.Model):
    """The public, permanent address at which anybody may ask to join. It never changes (J4)."""

    classroom = models.OneToOneField(
        "classroom.Classroom", models.CASCADE, related_name="join_url", verbose_name="class"
    )
    key = models.CharField(max_length=22, unique=True, default=new_key, editable=False)

    # While the Join URL is paused, nobody can ask to join by it. The address stays the same (T33).
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "Join URL"
        verbose_name_plural = "Join URLs"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(paused_at=None, paused_by=None)
                | models.Q(paused_at__isnull=False, paused_by__isnull=False),
                name="join_url_paused_at_and_by",
            )
        ]

    def __str__(self):
        return self.address

    @property
    def path(self):
        return reverse("joins:join_url", args=[self.key])

    @property
    def address(self):
        """The full URL for sharing, built from SITE_URL and never from the request's Host header (T63)."""
        return full_address(self.path)

    def pause(self, by):
        """Stop people from asking by this Join URL until resume(). Pending requests stay pending.

        The second time changes nothing.
        """
        self._change("pause_join_url", by, models.Q(paused_at=None), paused_at=Now(), paused_by=by)

    def resume(self, by):
        """Let people ask by this Join URL again. The second time changes nothing."""
        self._change("resume_join_url", by, models.Q(paused_at__isnull=False), paused_at=None, paused_by=None)

    def _change(self, act, by, before, **fields):
        with self.classroom.one_at_a_time(act, by) as classroom:
            classroom.check_not_archived(by)
            if JoinURL.objects.filter(before, pk=self.pk).update(**fields):
                classroom.record(Event.Kind(act), by)
        self.refresh_from_db()


@compiled(JoinURL)
def join_url_with_key(key):
    """Read the JoinURL together with its class."""
    return JoinURL.objects.select_related("classroom").filter(key=key)
