"""What a promise looks like as a mail, and what a mail server's refusal means."""

from smtplib import SMTPDataError, SMTPRecipientsRefused

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string


def digest_mail(digest, notifications):
    context = {
        "person": digest.user,
        "notifications": notifications,
        "site_url": settings.SITE_URL,  # never a request's host (T63)
    }
    said = (
        render_to_string(f"accounts/email/digest_{part}", context).strip()
        for part in ("subject.txt", "message.txt", "message.html")
    )
    return _mail(digest, digest.user.email, *said)


def letter_mail(letter):
    return _mail(letter, letter.to, letter.subject, letter.text, letter.html)


def _mail(promise, to, subject, text, html):
    """The Message-ID is the promise's own, so a second copy after a crash is known to be one (F05, F25)."""
    headers = {
        "Message-ID": f"<{promise._meta.model_name}-{promise.pk}@{settings.SITE.hostname}>",
        "Auto-Submitted": "auto-generated",  # keeps holiday replies away
    }
    mail = EmailMultiAlternatives(subject, text, to=[to], headers=headers)
    if html:
        mail.attach_alternative(html, "text/html")
    return mail


def is_for_good(error):
    """Whether the server will never take this very mail: a 5xx about the address or the text (F24).

    A 5xx about us (log-in, sender) can be mended by the operator, so those mails wait.
    """
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, SMTPDataError) and error.smtp_code >= 500


def is_of_mail_server(error):
    """Whether the mail server or the way to it is at fault, and not our own code.

    A server that says a word every second is never late by EMAIL_TIMEOUT, which starts anew with each line: the task's
    soft time limit ends the talk (F23).
    """
    return isinstance(error, (OSError, SoftTimeLimitExceeded))


def is_server_away(error):
    """Whether it is not this mail's fault, so that trying the next one now is of no use."""
    about_the_mail = (SMTPRecipientsRefused, SMTPDataError)
    return is_of_mail_server(error) and not isinstance(error, about_the_mail)
