from dataclasses import dataclass

from django.db import models
from django.db.models.functions import Now

from accounts import signals


@dataclass(frozen=True)
class FollowUp:
    """What has happened since a notification was written."""

    sentence: str
    is_link_dead: bool = False  # whether the reader can't open the notification's link any more


class NotificationQuerySet(models.QuerySet):
    def unread(self):
        return self.filter(read_at=None)

    def newest_first(self):
        return self.order_by("-pk")

    def notify(self, users, **fields):
        """Write one notification to each of `users`, in the caller's transaction (N2). `fields` are as for build()."""
        return self.bulk_create(Notification.build(user, **fields) for user in users)

    def mark_read_about(self, about):
        """Mark notifications about the things in the list `about` as read, for everybody: they've been dealt with."""
        return self.unread().filter(about__in=about).update(read_at=Now())

    def to_mail(self):
        """Unread, meant for mail and in no digest yet, whether or not mail_at has passed."""
        return self.unread().filter(digest=None).exclude(mail_at=None)

    def mark_read(self):
        """The second time changes nothing: read_at keeps the first moment."""
        return self.unread().update(read_at=Now())


class Notification(models.Model):
    """One thing said to one person, with the page where it can be dealt with (N1)."""

    user = models.ForeignKey("accounts.User", models.CASCADE, db_index=False, related_name="notifications")
    text = models.CharField(max_length=400)
    link = models.CharField(max_length=200)
    topic = models.CharField(max_length=40, blank=True)
    about = models.CharField(max_length=40, blank=True)
    # The person whose name is in the text, unless it's the reader. The notification is deleted with them (T93).
    mentions = models.ForeignKey(
        "accounts.User", models.CASCADE, null=True, blank=True, db_index=False, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True, blank=True)
    mail_at = models.DateTimeField(null=True, blank=True, help_text="When it may go out by email, if unread.")
    digest = models.ForeignKey(
        "accounts.Digest", models.SET_NULL, null=True, blank=True, related_name="notifications"
    )

    objects = NotificationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["user", "-id"], name="notifications_of_a_user"),
            models.Index(fields=["user"], condition=models.Q(read_at=None), name="unread_of_a_user"),
            models.Index(fields=["about"], condition=models.Q(read_at=None), name="unread_about"),
            models.Index(
                fields=["mail_at"],
                condition=models.Q(read_at=None, digest=None),
                name="unread_and_not_mailed",
            ),
            models.Index(
                fields=["mentions"], condition=models.Q(mentions__isnull=False), name="mentions_of_a_person"
            ),
        ]

    def __str__(self):
        return self.text

    @property
    def follow_up(self):
        """A FollowUp from the app that knows what this notification is about, or None if nothing has changed."""
        answers = signals.notification_opened.send(Notification, notification=self)
        return next((follow_up for _, follow_up in answers if follow_up), None)

    @classmethod
    def build(cls, user, *, text, link, topic="", about="", mentions=None, mail_after=None):
        """Return one notification, not saved yet.

        `link` is a path. `topic` groups what goes into one mail (a class's id). `about` is what mark_read_about() looks
        for. `mentions` is the user whose name is in `text`, unless it's the reader. `mail_after` is a timedelta: how
        long we wait for the person to read this on the site before we mail it; None sends no mail.
        """
        # None for a person without an address: otherwise every run would look at this notification again.
        mail_at = Now() + mail_after if mail_after is not None and user.email else None
        fields = {"text": text, "link": link, "topic": topic, "about": about, "mentions": mentions}
        return cls(user=user, mail_at=mail_at, **fields)
