"""What somebody who is signed out wants to join, kept in their session until they are in (J6, J7).

Bound to the session: logging out empties it, another user's log-in too, and half an hour ends it (T49).
"""

import time

from django.contrib import messages
from django.db import InterfaceError, OperationalError

from classroom.exceptions import AlreadyMember, Refusal
from classroom.models import Classroom
from joins.models import JoinRequest, JoinURL
from joins.throttle import Tries

KEPT_FOR = 30 * 60  # seconds
_KEY = "intent"


def keep(request, **wanted):
    """Remember `join_url` (its key) or `code`, beside what is kept already; each has half an hour of its own."""
    now = time.time()
    request.session[_KEY] = request.session.get(_KEY, {}) | {
        door: [wish, now] for door, wish in wanted.items()
    }


def kept(request):
    """What is remembered: `join_url`, `code`, both or nothing."""
    now = time.time()
    return {door: wish for door, (wish, at) in request.session.get(_KEY, {}).items() if now - at < KEPT_FOR}


def wish(request):
    """What is remembered, for people: the JoinURL, and whether there is a Code, of which nothing more is told (J0)."""
    found = kept(request)
    return found and {"join_url": _join_url(found), "code": "code" in found}


def forget(request):
    request.session.pop(_KEY, None)


def joined(request, outcome):
    """The sign-up's own Code has done this; it takes the place of a Code that was kept."""
    request.joined = outcome


def fulfil(sender, request, user, **_):
    """Do what was wanted, as part of logging in: the Code first, for it decides where both lead to one class (J7)."""
    wanted = kept(request)
    forget(request)
    outcomes = [getattr(request, "joined", None)]
    if getattr(request, "pressed_again", False):
        outcomes += _done_for(user)  # by the first press of the sign-up, whose answer nobody saw (A9)
    if "code" in wanted and not outcomes[0]:
        outcomes.append(_try(request, lambda: Tries(request, user).redeem(wanted["code"])))
    if join_url := _join_url(wanted):
        outcomes.append(_try(request, lambda: join_url.ask(user)))
    # Code and Join URL of one class end in one outcome, told once (J6).
    for outcome in filter(None, dict.fromkeys(outcomes)):
        tell(request, outcome)
        if not isinstance(outcome, JoinRequest):
            request.session.setdefault("landing", outcome.path)  # the page they see next


def _done_for(user):
    """The classes that somebody is in, and their requests that wait."""
    places = user.memberships.select_related("classroom").order_by("pk")
    requests = user.join_requests.pending().told().order_by("pk")
    return [place.classroom for place in places] + list(requests)


def tell(request, outcome):
    """Say what became of it: a class, entered, or a join request, whose pop-up is shown once (J2, J6)."""
    if isinstance(outcome, JoinRequest):
        messages.info(request, outcome.asked, extra_tags="asked")
    else:
        messages.success(request, f"You are in {outcome.name}.")


def _join_url(wanted):
    """The JoinURL that is wanted, or None; no query where there is none."""
    if "join_url" not in wanted:
        return None
    return JoinURL.objects.select_related("classroom").filter(key=wanted["join_url"]).first()


def _try(request, join):
    """The outcome of `join`; None where it was refused, or the class deleted meanwhile."""
    try:
        return join()
    except AlreadyMember as already:
        return already.classroom  # where they are taken (J8)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    except Classroom.DoesNotExist:
        pass
    except (OperationalError, InterfaceError):  # who logs in is not to be kept out by a busy class (F15)
        messages.error(
            request, "You are logged in, but joining did not work just now. Try again in a minute."
        )
    return None
