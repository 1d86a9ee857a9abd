"""How often "taken" is said at a sign-up: with one Code somebody could ask for the names of a whole school (T54).

A browser that has heard it ten times in an hour waits, whatever it types, or the refusal itself would tell. A whole
class shares a Code and an address, so neither ever keeps a free username out (T97): once "taken" has been said too
often with a Code, a free username is offered in its place.
"""

from allauth.core import context
from allauth.core.internal import ratelimit
from django.core.exceptions import ValidationError
from django.utils.crypto import get_random_string

from accounts.names import UNAMBIGUOUS
from accounts.sessions import browser_of

TO_BROWSER = {"app": "allauth.account", "action": "taken"}
WITH_CODE = {"app": "allauth.account", "action": "taken_by_code"}
AGAIN_AFTER = 3600  # seconds; the span of both limits


def demand_room(dry_run=True):
    """Raises ValidationError once "taken" has been said too often to this browser."""
    if not ratelimit.consume(context.request, key=browser_of(context.request), dry_run=dry_run, **TO_BROWSER):
        raise ValidationError(
            "Too many usernames or addresses that others have. Wait an hour, then try again.",
            params={"again_after": AGAIN_AFTER},
        )


def count(code):
    """Call it before saying "taken". Raises ValidationError once that has been said too often with this Code.

    Also where presses at the same moment have used up what this browser may hear.
    """
    demand_room(dry_run=False)
    if not ratelimit.consume(context.request, key=code, **WITH_CODE):
        raise ValidationError(
            "Many usernames and addresses that others have were typed with this Code. Try %(username)s as your "
            "username, without an e-mail address; you can add one later.",
            params={"again_after": AGAIN_AFTER, "username": f"student-{get_random_string(6, UNAMBIGUOUS)}"},
        )
