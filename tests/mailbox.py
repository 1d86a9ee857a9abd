"""What has been mailed, as a person sees it who looks into their mails a few seconds later."""

import re

from django.core import mail

from accounts.tasks import deliver_letters


def letters():
    """Every mail so far, after the worker has been."""
    deliver_letters()
    return mail.outbox


def code_in_the_mail():
    """The code to type, out of the last mail."""
    return re.search(r"^[A-Z0-9-]{6,}$", letters()[-1].body, re.MULTILINE)[0]
