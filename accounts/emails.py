"""Makes the mail of a Digest or a Letter, and says what the mail server's errors mean for it."""

from smtplib import SMTPDataError, SMTPRecipientsRefused

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.text import Truncator

LONGEST_SUBJECT = 120  # characters


def digest_mail(digest, notifications):
    context = {
        "person": digest.user,
        "notifications": notifications,
        "subject": _subject_of(notifications),
        "site_url": settings.SITE_URL,  # never the request's host, which the client chooses (T63)
    }
    parts = (
        render_to_string(f"accounts/email/digest_{part}", context).strip()
        for part in ("subject.txt", "message.txt", "message.html")
    )
    return _mail(digest, digest.user.email, *parts)


def _subject_of(notifications):
    """Return what the mail is about, in one line of a mailbox."""
    subject = next(filter(None, (notification.mail_subject for notification in notifications)), "")
    more = len(notifications) - 1
    if not subject:
        return f"{more + 1} new notifications in Homeroom" if more else "A new notification in Homeroom"
    subject = Truncator(" ".join(subject.split())).chars(LONGEST_SUBJECT)
    if not more:
        return subject
    return (
        f"{subject}, and {more} more new notifications"
        if more > 1
        else f"{subject}, and 1 more new notification"
    )


def letter_mail(letter):
    return _mail(letter, letter.to, letter.subject, letter.text, letter.html)


def _mail(row, to, subject, text, html):
    """Each row has one Message-ID, so that a second copy after a crash can be recognised as one (F05, F25)."""
    headers = {
        "Message-ID": f"<{row._meta.model_name}-{row.pk}@{settings.SITE.hostname}>",
        "Auto-Submitted": "auto-generated",  # keeps holiday replies away
    }
    mail = EmailMultiAlternatives(subject, text, to=[to], headers=headers)
    if html:
        mail.attach_alternative(html, "text/html")
    return mail


def is_permanent(error):
    """Whether the server will never accept this mail, because it answered 5xx about the recipient or the text (F24).

    An operator can fix what a 5xx about us means (our log-in, our sender address), so those mails wait.
    """
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, SMTPDataError) and error.smtp_code >= 500


def is_mail_server_error(error):
    """Whether the mail server or the way to it is at fault, and not our own code.

    EMAIL_TIMEOUT starts again with each line, so a server that sends a word every second never exceeds it. Then the
    task's soft time limit ends the connection (F23).
    """
    return isinstance(error, (OSError, SoftTimeLimitExceeded))


def is_server_unavailable(error):
    """Whether the error has nothing to do with this mail, so that the next mail would fail as well."""
    about_the_mail = (SMTPRecipientsRefused, SMTPDataError)
    return is_mail_server_error(error) and not isinstance(error, about_the_mail)
