from smtplib import SMTPException

from django.core.management.base import CommandError
from django.core.management.commands import sendtestemail


class Command(sendtestemail.Command):
    """Django's command, but if it fails, it shows the mail server's own words, which the log leaves out."""

    def handle(self, *args, **options):
        try:
            super().handle(*args, **options)
        except (OSError, SMTPException) as refusal:
            raise CommandError(f"The mail has not been sent: {refusal}") from refusal
