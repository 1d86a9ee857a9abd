"""What somebody who is signed out wants to join, kept in their session until they are in (J6, J7).

Bound to the session: logging out empties it, another user's log-in too, and half an hour ends it (T49).
"""

import time

from django.contrib import messages

from classroom.exceptions import AlreadyMember, Refusal
from joins.models import JoinCode, JoinRequest, JoinURL

KEPT_FOR = 30 * 60  # seconds
_KEY = "intent"


def keep(request, **wanted):
    """Remember `join_url` (its key) or `code`, beside what is kept already."""
    request.session[_KEY] = {**kept(request), **wanted, "at": time.time()}


def kept(request):
    """What is remembered: `join_url`, `code` or both; empty after half an hour."""
    found = request.session.get(_KEY, {})
    return found if time.time() - found.get("at", 0) < KEPT_FOR else {}


def forget(request):
    request.session.pop(_KEY, None)


def fulfil(sender, request, user, **_):
    """Do what was wanted, as part of logging in: the Code first, for it decides where both lead to one class (J7)."""
    wanted = kept(request)
    forget(request)
    if "code" in wanted:
        _try(request, lambda: JoinCode.objects.redeem(wanted["code"], user))
    if "join_url" in wanted:
        join_url = JoinURL.objects.select_related("classroom").filter(key=wanted["join_url"]).first()
        if join_url:
            _try(request, lambda: join_url.ask(user))


def tell(request, outcome):
    """Say what became of it: a class, entered, or a join request, whose pop-up is shown once (J2, J6).

    Where somebody is being logged in, the class they came into is the page they see next.
    """
    if isinstance(outcome, JoinRequest):
        messages.info(request, outcome.asked, extra_tags="asked")
    else:
        messages.success(request, f"You are in {outcome.name}.")
        request.session["landing"] = outcome.path


def _try(request, join):
    try:
        tell(request, join())
    except AlreadyMember:
        pass  # the Code has just let them in, or they have been in all along: nothing to say (J8)
    except Refusal as refusal:
        messages.error(request, refusal.message)
