"""How long each kind of data is kept (T92). The page "Privacy" shows everybody the same periods.

A history is kept as long as its class (K9, Q8). It refers to accounts, so it shows a name only until that account is
erased.
"""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.db import models
from django.db.models.functions import Now, RowNumber
from django.utils import timezone

from accounts.models import (
    AnonymousSessions,
    Digest,
    FormSubmission,
    Letter,
    LogInTry,
    Notification,
    Session,
)
from classroom.models import CoTeacherInvitation, ListedName
from classroom.models.co_teacher_invitation import KEPT_FOR, WORKS_FOR
from joins.models import ClassNetwork, Guess, JoinRequest, KnownNetwork
from joins.models.known_network import KNOWN_FOR

DECIDED_REQUESTS = timedelta(days=30)  # after the decision; the history still shows it afterwards
READ_NOTIFICATIONS = timedelta(days=30)  # after they were read
UNREAD_NOTIFICATIONS = timedelta(days=365)
MAILS = timedelta(days=30)  # after they were sent, or after the last try failed
OPERATORS_LOG = timedelta(days=365)
LOG_IN_TRIES = timedelta(days=1)  # as long as failures in a row are counted
WRONG_CODES = timedelta(hours=1)  # together with the network; the throttle counts them for ten minutes
# The newest of each person that stay. Each log-in stores one for days, and a program could log in without end (ADR 36).
MOST_SESSIONS_OF_ONE = 1_000
NEVER_LET_IN = timedelta(days=30)  # after its last use, for a student's account that no class has let in
WITHOUT_CLASS = timedelta(days=365)  # before a student without a class is warned
AFTER_WARNING = timedelta(days=30)  # between this warning and the erasure of the account
BATCH_SIZE = 500  # rows that one statement deletes


def schedule():
    """Return (what, for how long) pairs of sentences for the page "Privacy"."""
    a_year = "for a year"
    return [
        ("An account", "until the person deletes it, or as below"),
        ("A name that somebody had before", "as long as the account"),
        ("A student's account that no class has let in", f"for {NEVER_LET_IN.days} days after its last use"),
        (
            "A student's account without a class",
            f"{a_year}; then there is a warning, and {AFTER_WARNING.days} days to answer it",
        ),
        ("A request to join that was answered", f"for {DECIDED_REQUESTS.days} days"),
        ("A notification", f"for {READ_NOTIFICATIONS.days} days once it is read, unread {a_year}"),
        ("A mail", f"for {MAILS.days} days once it is sent; its text only until then"),
        (
            "The list of names that a class expects",
            f"for {settings.CLASS_LISTS_KEPT_FOR.days} days, until its teachers delete it, or the class is deleted",
        ),
        (
            "An invitation by email to be a co-teacher, with the address",
            f"for {WORKS_FOR.days} days; then for {KEPT_FOR.days} days, so that the owner can see how it ended",
        ),
        ("The note of a class", "until its teachers change it, or the class is deleted"),
        (
            "The history of a class",
            "as long as the class, with names only as long as the person has an account",
        ),
        ("That somebody typed a wrong password, without a name", "for a day"),
        ("That somebody typed a wrong Code, and the network address it came from", "for an hour"),
        (
            "A network address from which somebody joined a class or its teacher logged in, without a name",
            f"for {KNOWN_FOR.days} days",
        ),
        ("What administrators of this site did to accounts", a_year),
        ("Backups", "as long as the school keeps them; restoring one brings no deleted person back"),
    ]


def outdated():
    """Return {name for the log: queryset of the rows that have been kept long enough}."""
    sent = models.Q(sent_at__lte=Now() - MAILS) | models.Q(given_up_at__lte=Now() - MAILS)
    unread = Notification.objects.unread()
    # Cancelled requests of people who had been moved to the queue are kept: if these people ask again, a manager still
    # has to check them (T30).
    still_to_check = models.Q(status=JoinRequest.Status.WITHDRAWN, moved_to_queue=True)
    decided = JoinRequest.objects.exclude(still_to_check | models.Q(status=JoinRequest.Status.PENDING))
    return {
        "decided requests": decided.filter(decided_at__lte=Now() - DECIDED_REQUESTS),
        "read notifications": Notification.objects.filter(read_at__lte=Now() - READ_NOTIFICATIONS),
        "unread notifications": unread.filter(created_at__lte=Now() - UNREAD_NOTIFICATIONS),
        "digests": Digest.objects.filter(sent),
        "letters": Letter.objects.filter(given_up_at__lte=Now() - MAILS),
        "tries to log in": LogInTry.objects.filter(at__lte=Now() - LOG_IN_TRIES),
        "invitations": CoTeacherInvitation.objects.outdated(),
        "names on class lists": ListedName.objects.outdated(),
        "wrong Codes": Guess.objects.filter(at__lte=Now() - WRONG_CODES),
        "presses": FormSubmission.objects.expired(),
        "counts of sessions": AnonymousSessions.objects.expired(),
        # By the clock that has written the date, as Django reads it.
        "sessions": Session.objects.filter(expire_date__lte=timezone.now()),
        "sessions of people with too many": _sessions_too_many(),
        "networks of classes": ClassNetwork.objects.filter(seen_at__lte=Now() - KNOWN_FOR),
        "networks": KnownNetwork.objects.filter(joined_at__lte=Now() - KNOWN_FOR),
        "lines of the operators' log": LogEntry.objects.filter(action_time__lte=Now() - OPERATORS_LOG),
    }


def _sessions_too_many():
    of_one = models.Window(
        RowNumber(), partition_by=models.F("user"), order_by=[models.F("expire_date").desc(), "pk"]
    )
    return Session.objects.exclude(user=None).annotate(of_one=of_one).filter(of_one__gt=MOST_SESSIONS_OF_ONE)


def delete_batch(rows):
    """Delete up to BATCH_SIZE of the rows in one transaction, so that it locks them only briefly. Returns how many."""
    batch = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH_SIZE])
    rows.model._base_manager.filter(pk__in=batch).delete()
    return len(batch)


def delete_old_mail_files():
    """Delete mails that were written into files, because there is no mail server, after MAILS. Returns how many."""
    ends = (timezone.now() - MAILS).timestamp()
    old = [file for file in Path(settings.EMAIL_FILE_PATH).glob("*.log") if file.stat().st_mtime <= ends]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)
