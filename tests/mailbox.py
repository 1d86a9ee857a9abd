"""What is in people's mailboxes a few seconds later."""

import re

from django.conf import settings
from django.core import mail

from accounts.tasks import deliver_letters


def letters():
    """Every mail so far, once the worker has sent those that were due."""
    deliver_letters()
    return mail.outbox


def code_in_the_mail():
    """The code to type, from the last mail."""
    return re.search(r"^[A-Z0-9-]{6,}$", letters()[-1].body, re.MULTILINE)[0]


def links_of_invitations():
    """The path of every invitation to be a co-teacher that was mailed, oldest first."""
    link = rf"^{re.escape(settings.SITE_URL)}(/invitations/\w+/)$"
    return [path for each in letters() for path in re.findall(link, each.body, re.MULTILINE)]
