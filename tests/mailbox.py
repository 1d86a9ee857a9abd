"""What is in people's mailboxes a few seconds later."""

import re

from django.core import mail

from accounts.tasks import deliver_letters


def letters():
    """Every mail so far, once the worker has sent those that were due."""
    deliver_letters()
    return mail.outbox


def code_in_the_mail():
    """The code to type, from the last mail."""
    return re.search(r"^[A-Z0-9-]{6,}$", letters()[-1].body, re.MULTILINE)[0]
