"""Email backends that fail in different ways."""

import smtplib

from celery.exceptions import SoftTimeLimitExceeded
from django.core.mail.backends.locmem import EmailBackend

WELL = "django.core.mail.backends.locmem.EmailBackend"


def faulty(settings, name):
    settings.EMAIL_BACKEND = f"tests.accounts.mail_servers.{name}"


class Away(EmailBackend):
    def send_messages(self, messages):
        raise ConnectionRefusedError


class Silent(EmailBackend):
    def send_messages(self, messages):
        raise TimeoutError


class Endless(EmailBackend):
    """Says one word a second until the task's time limit is over."""

    def send_messages(self, messages):
        raise SoftTimeLimitExceeded


class Locked(EmailBackend):
    """No longer accepts our password."""

    def send_messages(self, messages):
        raise smtplib.SMTPAuthenticationError(535, b"no")


class Picky(EmailBackend):
    """Knows nobody called lind, is busy for brandt, and accepts all other mails."""

    def send_messages(self, messages):
        to = messages[0].to[0]
        for name, code in {"lind": 550, "brandt": 451}.items():
            if to.startswith(name):
                raise smtplib.SMTPRecipientsRefused({to: (code, b"no")})
        return super().send_messages(messages)
