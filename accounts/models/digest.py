from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from accounts import emails
from accounts.models.notification import Notification
from accounts.models.outgoing_mail import OutgoingMail, OutgoingMailQuerySet
from accounts.models.user import User

MOST_DIGESTS_A_DAY = 10  # digests to one person about one topic (T35)
# People that one run writes to. The next run continues, so that no run exceeds its time limit.
MOST_PEOPLE_A_RUN = 1_000


class DigestQuerySet(OutgoingMailQuerySet):
    def gather(self):
        """Put notifications that are due into new digests, one for each person and topic. Safe to run twice at once.

        Locks the rows of the people it writes to until it ends. It skips people that another run has locked, and leaves
        those beyond MOST_PEOPLE_A_RUN to the next run.
        """
        with transaction.atomic():
            people = User.objects.reachable().filter(notifications__in=self._due_notifications())
            rows = User.objects.filter(pk__in=people.values("pk"))
            rows = rows.select_for_update(skip_locked=True, no_key=True)
            locked_ids = list(rows.values_list("pk", flat=True)[:MOST_PEOPLE_A_RUN])
            due = self._due_notifications().filter(user__in=locked_ids)
            for user_id, topic in due.values_list("user_id", "topic").distinct():
                digest = self.create(user_id=user_id, topic=topic)
                Notification.objects.to_mail().filter(user=user_id, topic=topic).update(digest=digest)

    def _due_notifications(self):
        earlier = self.filter(user=OuterRef("user"), topic=OuterRef("topic"))
        today = earlier.filter(created_at__gt=Now() - timedelta(days=1))
        return Notification.objects.to_mail().filter(
            ~Exists(earlier.filter(created_at__gt=Now() - settings.DIGEST_EVERY)),
            ~Exists(today[MOST_DIGESTS_A_DAY - 1 :]),  # there is no tenth one today
            mail_at__lte=Now(),
        )

    def waiting(self):
        return super().waiting().filter(sent_at=None)


class Digest(OutgoingMail):
    """One mail to one person about one topic. The row is written before the mail is sent (T35, N2)."""

    user = models.ForeignKey(
        "accounts.User", models.CASCADE, db_index=False, related_name="digests", verbose_name="person"
    )
    topic = models.CharField(max_length=40, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = DigestQuerySet.as_manager()

    class Meta:
        verbose_name = "email about notifications"
        verbose_name_plural = "emails about notifications"
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(sent_at=None, given_up_at=None), name="digests_to_send"
            ),
            models.Index(fields=["user", "topic", "created_at"], name="digests_of_a_topic"),
        ]

    def deliver(self):
        """Mail what is still unread and not over. If nothing is left, or we may not write to the person, delete it.

        Raises what the mail server or the template raises; the caller passes it to retry_or_give_up().
        """
        unread = Notification.read_out(self.user, self.notifications.unread().order_by("pk"))
        over = [notification.pk for notification in unread if notification.current.is_over]
        if over:
            self.notifications.filter(pk__in=over).mark_read()
            unread = [notification for notification in unread if notification.pk not in over]
        if not unread or not User.objects.reachable().filter(pk=self.user_id).exists():
            self.delete()
            return
        emails.digest_mail(self, unread).send()
        self._update_if_still_leased(sent_at=Now())
