import secrets

from django.conf import settings
from django.db import models
from django.urls import reverse

from accounts.transactions import again_if_broken_off
from classroom.models import Door
from joins.models.join_request import JoinRequest


def new_key():
    """128 random bits, from nothing that the class has (T48)."""
    return secrets.token_urlsafe(16)


class JoinURL(models.Model):
    """The public, permanent address at which anybody may knock (J4): made with the class, never changed."""

    classroom = models.OneToOneField("classroom.Classroom", models.CASCADE, related_name="join_url")
    key = models.CharField(max_length=22, unique=True, default=new_key, editable=False)

    def __str__(self):
        return self.address

    @property
    def path(self):
        return reverse("joins:join_url", args=[self.key])

    @property
    def address(self):
        """The whole URL, as it is shared; from SITE_URL, never from the request (T63)."""
        return settings.SITE_URL + self.path

    @again_if_broken_off
    def ask(self, by):
        """File a join request, always, even while the Code is unlocked (J3). Asking twice returns the same one (J8).

        Raises AlreadyMember, KeptOut, DoorsShut, AskedTooSoon.
        """
        with self.classroom.one_at_a_time() as classroom:
            classroom.demand_door(by)
            return JoinRequest.objects.ask(classroom, by, Door.JOIN_URL)
