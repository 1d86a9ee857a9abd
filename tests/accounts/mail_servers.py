"""Mail servers with a fault, as e-mail backends."""

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
    """It says a word a second, until the task's time is over."""

    def send_messages(self, messages):
        raise SoftTimeLimitExceeded


class Locked(EmailBackend):
    """It no longer knows our password."""

    def send_messages(self, messages):
        raise smtplib.SMTPAuthenticationError(535, b"no")


class Picky(EmailBackend):
    """It knows nobody called lind, is busy for brandt, and takes the rest."""

    def send_messages(self, messages):
        to = messages[0].to[0]
        for name, code in {"lind": 550, "brandt": 451}.items():
            if to.startswith(name):
                raise smtplib.SMTPRecipientsRefused({to: (code, b"no")})
        return super().send_messages(messages)
