"""Limits how often a sign-up says "taken": with one Code, somebody could find out all usernames of a school (T54).

After ten times in an hour a browser has to wait, whatever it types; otherwise the refusal itself would reveal what is
taken. A whole class shares a Code and an IP address, so neither of them may ever keep out a free username (T97). Once
"taken" has been said too often with a Code, we offer a free username instead.
"""

from allauth.core import context
from allauth.core.internal import ratelimit
from django.core.exceptions import ValidationError
from django.utils.crypto import get_random_string

from accounts.names import UNAMBIGUOUS
from accounts.sessions import browser_of

LIMIT_OF_BROWSER = {"app": "allauth.account", "action": "taken"}
LIMIT_OF_CODE = {"app": "allauth.account", "action": "taken_by_code"}
# For forms with another error: they create no account, so nobody would notice who asks for many names.
LIMIT_OF_EARLY = {"app": "allauth.account", "action": "taken_early"}
RETRY_AFTER = 3600  # seconds; the span of these limits


def check_limit(dry_run=True):
    """Raises ValidationError once "taken" has been said too often to this browser. `dry_run` counts nothing."""
    if not ratelimit.consume(
        context.request, key=browser_of(context.request), dry_run=dry_run, **LIMIT_OF_BROWSER
    ):
        raise ValidationError(
            "Too many usernames or addresses that others have. Wait an hour, then try again.",
            params={"retry_after": RETRY_AFTER},
        )


def may_say_early(code):
    """Return whether a form with another error may be told that a username is taken too. It counts as one question.

    Beyond the limit, it is told once the rest of the form is right.
    """
    return bool(ratelimit.consume(context.request, key=code, **LIMIT_OF_EARLY))


def count(code):
    """Call it before saying "taken". Raises ValidationError once that has been said too often with this Code.

    It also does so if other presses at the same moment have used up the limit of this browser.
    """
    check_limit(dry_run=False)
    if not ratelimit.consume(context.request, key=code, **LIMIT_OF_CODE):
        raise ValidationError(
            "Many usernames and addresses that others have were typed with this Code. Try %(username)s as your "
            "username, without an email address; you can add one later.",
            params={"retry_after": RETRY_AFTER, "username": f"student-{get_random_string(6, UNAMBIGUOUS)}"},
        )
