from dataclasses import dataclass

from django.db import models
from django.db.models.functions import Least, Now
from django.urls import reverse

from accounts import notification_kinds, signals
from accounts.bulk import BATCH_SIZE, Insertion


@dataclass(frozen=True)
class FollowUp:
    """What has happened since a notification was written."""

    sentence: str
    is_link_dead: bool = False  # whether the reader can't open the notification's link any more


@dataclass(frozen=True)
class Button:
    """A button in a notification's own row. It sends a POST with these fields to `path`."""

    label: str
    path: str
    fields: dict


@dataclass(frozen=True)
class Current:
    """What a notification says now. It's worked out whenever somebody reads it, and never stored (N3)."""

    sentence: str = ""
    mail_sentence: str = ""
    mail_subject: str = ""
    button: Button | None = None
    is_over: bool = False  # whether nothing is left to deal with, so that it isn't mailed any more
    # Whether the button in a mail leads to the notification's link. Otherwise it leads to the notification's own page.
    is_mailed_with_link: bool = False


class NotificationQuerySet(models.QuerySet):
    def unread(self):
        return self.filter(read_at=None)

    def newest_first(self):
        """The one that was said last comes first; said_again() says one again."""
        return self.order_by("-created_at", "-pk")

    def written_until(self, moment):
        """Leave out what was written, or said again, after this moment. None leaves out nothing."""
        return self if moment is None else self.filter(created_at__lte=moment)

    def notify(self, users, **fields):
        """Write one notification to each of `users`, in the caller's transaction (N2). `fields` are as for build()."""
        return self.bulk_create((Notification.build(user, **fields) for user in users), BATCH_SIZE)

    def notifying(self, rows, *, mail_after, **fields):
        """Return the Insertion that writes one notification to the `user` of each row of a queryset.

        `fields` are as for build().
        """
        mail_at = models.Case(
            models.When(user__email="", then=None),
            default=Now() + mail_after,
            output_field=models.DateTimeField(),
        )
        return Insertion(rows, self.model, {"user": models.F("user"), "mail_at": mail_at} | fields)

    def mark_read_about(self, about):
        """Mark notifications about the things in the list `about` as read, for everybody: they've been dealt with."""
        return self.unread().filter(about__in=about).update(read_at=Now())

    def take_back(self):
        """Delete those that nobody has read. Return the pks of the users who may have read theirs, maybe in a mail."""
        # Locked, because a worker may be putting one into a mail. Then its reader is told that it's taken back.
        locked = list(self.select_for_update(of=["self"]).values_list("pk", "user", "read_at", "digest"))
        self.model.objects.filter(pk__in=[pk for pk, _, read_at, _ in locked if not read_at]).delete()
        return {user_id for _, user_id, read_at, digest in locked if read_at or digest}

    def to_mail(self):
        """Unread, meant for mail and in no digest yet, whether or not mail_at has passed."""
        return self.unread().filter(digest=None).exclude(mail_at=None)

    def mark_read(self):
        """The second time changes nothing: read_at keeps the first moment."""
        return self.unread().update(read_at=Now())


def said_again(mail_after):
    """Return the values that make notifications new, and mail them again after `mail_after`, or sooner if that was due.

    A notification leaves the mail that it's in, because that mail may be on its way without the news.
    """
    due = Now() + mail_after
    mail_at = models.Case(
        models.When(mail_at=None, then=None),
        models.When(digest=None, then=Least("mail_at", due)),
        default=due,
        output_field=models.DateTimeField(),
    )
    return {"created_at": Now(), "read_at": None, "digest": None, "mail_at": mail_at}


class Notification(models.Model):
    """One thing said to one person, with the page where it can be dealt with (N1).

    It stores no sentence. accounts.notification_kinds makes one of its `kind` and `facts` whenever somebody reads it,
    unless read_out() has found something that is true now.

    How one is written: objects.notify() says the same to several users, build() makes one whose facts are about its
    reader, and objects.notifying() makes one for each row of a query, however many there are (ADR 15).
    """

    user = models.ForeignKey(
        "accounts.User", models.CASCADE, db_index=False, related_name="notifications", verbose_name="person"
    )
    kind = models.CharField(max_length=40, blank=True, db_default="")
    facts = models.JSONField(default=dict, blank=True, db_default=models.Value({}, models.JSONField()))
    # What the release before wrote instead, and writes while servers are being replaced (F27). Then `kind` is empty.
    text = models.CharField(max_length=400, blank=True, default="", db_default="")
    link = models.CharField(max_length=200)
    topic = models.CharField(max_length=40, blank=True)
    about = models.CharField(max_length=40, blank=True)
    # The person whose name is in the facts, unless it's the reader. The notification is deleted with them (T93).
    mentions = models.ForeignKey(
        "accounts.User", models.CASCADE, null=True, blank=True, db_index=False, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())  # or when it was said again
    read_at = models.DateTimeField(null=True, blank=True)
    mail_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When it may go out by email, if unread.",
        verbose_name="email due at",
    )
    digest = models.ForeignKey(
        "accounts.Digest", models.SET_NULL, null=True, blank=True, related_name="notifications"
    )

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = "notification"
        verbose_name_plural = "notifications"
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

    current = Current()

    def __str__(self):
        return self.sentence

    @classmethod
    def read_out(cls, user, notifications):
        """Return a list of these notifications of `user`, each with what it says now in `current`."""
        notifications = list(notifications)
        for notification in notifications:
            notification.user = user
        signals.notifications_read_out.send(cls, user=user, notifications=notifications)
        return notifications

    @property
    def sentence(self):
        return self.current.sentence or self.text or notification_kinds.say(self.kind, self.facts, self.user)

    @property
    def mail_sentence(self):
        return self.current.mail_sentence or self.sentence

    @property
    def mail_subject(self):
        """What a mail says in its subject: nothing about a person by name (T44)."""
        return self.current.mail_subject or ("" if self.mentions_id else self.sentence.rstrip("."))

    @property
    def mail_link(self):
        """The page behind the button of a mail. A GET of it does no harm (Q5)."""
        page = reverse("accounts:open_notification", args=[self.pk])
        return self.link if self.current.is_mailed_with_link else page

    @property
    def follow_up(self):
        """A FollowUp from the app that knows what this notification is about, or None if nothing has changed."""
        answers = signals.notification_opened.send(Notification, notification=self)
        return next((follow_up for _, follow_up in answers if follow_up), None)

    @classmethod
    def build(cls, user, *, kind, link, facts=None, topic="", about="", mentions=None, mail_after=None):
        """Return one notification, not saved yet.

        `kind` is one of a module `sentences`, and `facts` is a dict of what its sentence names. `link` is a path.
        `topic` groups what goes into one mail (a class's id). `about` is what mark_read_about() looks for. `mentions`
        is the user whose name is in `facts`, unless it's the reader. `mail_after` is a timedelta: how long we wait for
        the person to read this on the site before we mail it; None sends no mail.
        """
        # None for a person without an address: otherwise every run would look at this notification again.
        mail_at = Now() + mail_after if mail_after is not None and user.email else None
        fields = {"kind": kind, "link": link, "topic": topic, "about": about, "mentions": mentions}
        return cls(user=user, mail_at=mail_at, facts=facts or {}, **fields)
