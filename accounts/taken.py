"""How often "taken" is said at a sign-up: with one Code somebody could ask for the names of a whole school (T54).

Beyond that the sign-up refuses taken and free names alike, or the refusal itself would tell.
"""

from time import time

from allauth.core import context
from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.core.exceptions import ValidationError

from accounts.sessions import browser_of

ACTIONS = {"app": "allauth.account", "action": "taken"}, {"app": "allauth.account", "action": "taken_by_code"}
AGAIN_AFTER = 3600  # seconds; the span of both limits


def demand_room(code):
    """Raises ValidationError once "taken" has been said too often here. One statement."""
    kept = cache.get_many([key for key, _ in _counts(code)])
    for key, rate in _counts(code):
        if not ratelimit.apply_rate(kept.get(key, []), time(), rate, dry_run=True)[0]:
            raise ValidationError(
                "Too many usernames or addresses that others have. Wait an hour, then try again.",
                params={"again_after": AGAIN_AFTER},
            )


def said(code):
    for action, key in zip(ACTIONS, _keys(code), strict=True):
        ratelimit.consume(context.request, key=key, **action)


def _counts(code):
    """Each count's key in the cache, and its Rate."""
    for action, key in zip(ACTIONS, _keys(code), strict=True):
        for rate in ratelimit.get_rates(**action):
            yield ratelimit.get_cache_key(context.request, rate=rate, key=key, **action), rate


def _keys(code):
    return browser_of(context.request), code
