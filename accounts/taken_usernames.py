"""Limits how often a sign-up says "taken": with one Code, somebody could find out all usernames of a school (T54).

Any teacher can create as many Codes and classes as they like, so we count for each teacher whose Code is typed, and not
for each Code; and for each network, because teachers' accounts are easy to create too. We count for no browser, because
anybody can make theirs look new. A whole school shares a network, so no count may ever keep out a free username (T97).
Once "taken" has been said too often, we offer a free username instead.

Where there is no mail server, the forms also say that an email address is taken. The sign-up of teachers asks for no
Code, so all of it counts together there.
"""

from allauth.core import context
from allauth.core.internal import ratelimit
from django.core.exceptions import ValidationError
from django.utils.crypto import get_random_string

from accounts.names import UNAMBIGUOUS

LIMIT = {"app": "allauth.account", "action": "taken"}
# For forms with another error: they create no account, so nobody would notice who asks for many names.
LIMIT_OF_EARLY = {"app": "allauth.account", "action": "taken_early"}
RETRY_AFTER = 3600  # seconds; the span of these limits


def may_say_early(issuer):
    """Return whether a form with another error may be told that something is taken too. It counts as one question.

    `issuer` identifies the teacher of the Code, or the sign-up of teachers. Beyond the limit, the form is told once the
    rest of it is right.
    """
    return bool(ratelimit.consume(context.request, key=issuer, **LIMIT_OF_EARLY))


def count(issuer):
    """Call it before saying "taken". Raises ValidationError once that has been said too often."""
    if not ratelimit.consume(context.request, key=issuer, **LIMIT):
        raise ValidationError(
            "Many people have just typed usernames or addresses that others have. Try %(username)s as your "
            "username, without an email address; you can add one later.",
            params={"retry_after": RETRY_AFTER, "username": f"student-{get_random_string(6, UNAMBIGUOUS)}"},
        )
