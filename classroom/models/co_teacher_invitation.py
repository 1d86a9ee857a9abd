from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.crypto import get_random_string

from classroom.models.event import Event
from classroom.models.membership import Membership
from classroom.rights import OWNER

WORKS_FOR = timedelta(days=7)
KEPT_FOR = timedelta(days=7)  # after its end, so that the owner can see how it ended
SECRET_LENGTH = 32  # letters and digits: 190 random bits


def digest_of(secret):
    # An address may have bytes that are no text, which Django keeps as surrogates.
    return sha256(secret.encode(errors="surrogatepass")).hexdigest()


class CoTeacherInvitationQuerySet(models.QuerySet):
    def issue(self, classroom, by, email):
        """Return (the new row, its secret). Only the mail has the secret: the row has its digest."""
        secret = get_random_string(SECRET_LENGTH)
        return self.create(classroom=classroom, by=by, email=email, digest=digest_of(secret)), secret

    def with_secret(self, secret):
        return self.filter(digest=digest_of(secret))

    def open(self):
        return self.filter(_is_open())

    def open_or_used(self):
        return self.filter(_is_open() | ~models.Q(used_by=None))

    def time_is_up(self):
        """Those that nobody has used or cancelled in time, and whose end is not written yet."""
        return self.filter(ended_at=None, created_at__lte=Now() - WORKS_FOR)

    def lately(self):
        return self.filter(created_at__gt=Now() - timedelta(days=1))

    def outdated(self):
        return self.filter(ended_at__lte=Now() - KEPT_FOR)


def _is_open():
    """Return a Q for the invitations that still work, by the database's clock.

    An invitation ends when the inviter no longer owns the class, also if they get it back later. While their account
    is closed, nobody can accept: it may be them, with another account.
    """
    owned = Membership.objects.filter(
        role=OWNER, classroom=models.OuterRef("classroom"), user__is_active=True
    )
    handed_over = Event.objects.filter(
        kind=Event.Kind.TRANSFER_CLASS,
        classroom=models.OuterRef("classroom"),
        at__gte=models.OuterRef("created_at"),
    )
    return models.Q(
        models.Exists(owned.filter(user=models.OuterRef("by"))),
        ~models.Exists(handed_over),
        ended_at=None,
        created_at__gt=Now() - WORKS_FOR,
    )


class CoTeacherInvitation(models.Model):
    """An invitation by email to become co-teacher of a class. It works once, for a week (C3; ADR 35)."""

    # Emptied with the class: the row still counts for the limit of mails a day, however many classes are deleted.
    classroom = models.ForeignKey(
        "classroom.Classroom",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="co_teacher_invitations",
        verbose_name="class",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="invited by"
    )
    email = models.EmailField()
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)  # used, cancelled, or its time was up
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )

    objects = CoTeacherInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation"
        verbose_name_plural = "invitations"
        indexes = [
            models.Index(
                fields=["created_at"], condition=models.Q(ended_at=None), name="invitations_without_end"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(used_by=None) | models.Q(ended_at__isnull=False),
                name="used_invitation_has_ended",
            ),
        ]

    def __str__(self):
        return f"Invitation {self.pk}"

    @property
    def ends_at(self):
        return self.created_at + WORKS_FOR

    @property
    def is_unused(self):
        """Whether its time was up before anybody used it."""
        return self.used_by_id is None and self.ended_at >= self.ends_at


def path_of(secret):
    return reverse("classroom:invitation", args=[secret])
