"""What somebody who is signed out wants to join, kept in their session until they are in (J6, J7, T49; ADR 21).

The newest wish counts. It belongs to the browser until an account signs up or logs in with it, then to that account.
"""

import time

from django.contrib import messages
from django.db import InterfaceError, OperationalError
from django.urls import reverse

from accounts import forgotten_password
from accounts.transactions import again_within
from classroom.exceptions import AlreadyMember, Refusal
from classroom.models import Classroom
from joins import codes
from joins.models import JoinRequest, JoinURL
from joins.throttle import Tries

FRESH_FOR = 30 * 60  # seconds; a wish that began nothing ends with them
BEGUN_FOR = 48 * 3600  # seconds; the mailed code lasts a day, and another one may be needed
JUST_TYPED = "typed"  # in the address of the page that follows the typing of a Code
GONE = "The class that you wanted to ask to join has been deleted, so we haven't sent a request. Talk to its teacher."
_KEY = "wish"


def keep(request, **wanted):
    """Remember `join_url` (its key) or `code`, in place of what was remembered before (T49)."""
    request.session[_KEY] = wanted | {"at": time.time()}


def keep_from_sign_up(request, code):
    """Remember the Code of a sign-up that failed for another reason; it stands beside a Join URL (J7, J11)."""
    if join_url := kept(request).get("join_url"):
        request.session[_KEY] |= {"join_url": join_url, "code": code}
        request.session.modified = True
    else:
        keep(request, code=code)


def kept(request):
    """What is remembered: `join_url`, `code`, both or nothing."""
    remembered = request.session.get(_KEY, {})
    return _doors(remembered) if _is_alive(request, remembered) else {}


def typed_before(request):
    """The initial values of a form with a Code field, for who has logged in since, or comes straight from typing it.

    If somebody opens the page afresh, they may be the next pupil at this computer, and are shown no Code (T49).
    """
    is_theirs = request.user.is_authenticated or JUST_TYPED in request.GET
    return {"code": codes.shown(kept(request).get("code", ""))} if is_theirs else {}


def wish(request):
    """What is remembered, for people: the JoinURL, whether its class is gone, whether there is a Code, of which nothing
    more is told (J0), whether it has ended, and whether a log-in makes the request by itself.
    """
    remembered = request.session.get(_KEY)
    if not remembered:
        return None
    join_url = _join_url(remembered)
    return {
        "join_url": join_url,
        "is_gone": "join_url" in remembered and join_url is None,
        "code": "code" in remembered,
        "has_ended": not _is_alive(request, remembered),
        "asks_by_itself": _asks_by_itself(remembered),
    }


def forget(request):
    request.session.pop(_KEY, None)


def joined(request, outcome):
    """The sign-up's own Code has done this; it takes the place of a Code that was kept."""
    request.joined = outcome


def claim(sender, request, user, **_):
    """Called when the right password was typed: a wish of the last half hour is this person's from now on."""
    remembered = request.session.get(_KEY, {})
    if remembered.get("of", user.pk) != user.pk:
        forget(request)  # it began with another account (T49)
    elif remembered and _age(remembered) < FRESH_FOR:
        request.session[_KEY] = remembered | {"of": user.pk}


def claim_by_new_password(sender, request, user, **_):
    """Called when the link in the mail was used, in the browser that asked for it: however slow the mail was."""
    remembered = request.session.get(_KEY, {})
    if remembered.get("of", user.pk) == user.pk and _is_alive(request, remembered):
        request.session[_KEY] = remembered | {"of": user.pk}


def claim_by_sign_up(sender, request, user, **_):
    """Called when an account was created: its page told of the wish, and who joins was typed there."""
    if kept(request):
        request.session[_KEY] |= {"of": user.pk, "signed_up": True}
        request.session.modified = True


def fulfil(sender, request, user, **_):
    """Do what was wanted, as part of logging in: the Code first, for it decides where both lead to one class (J7).

    What may be another person's is not done but shown, on a page that names who joins: a Code that was typed before
    somebody logged in, and an old press of "Ask to join" (T49, J11).
    """
    remembered = request.session.pop(_KEY, {})
    if remembered.get("of", user.pk) != user.pk:
        remembered = {}
    outcomes = [getattr(request, "joined", None)]
    if getattr(request, "pressed_again", False):
        # The first press of the sign-up has done it, or does it at this moment; nobody saw its answer (A9).
        remembered = remembered | {"of": user.pk, "signed_up": True} if _is_alive(request, remembered) else {}
        outcomes += _done_for(user)
    is_alive = _is_alive(request, remembered)
    if "code" in remembered and not outcomes[0]:
        if remembered.get("signed_up"):
            outcomes.append(_try(request, lambda: Tries(request, user).use_code(remembered["code"])))
        else:
            _show_code(request, user, remembered, is_alive)
    if join_url := _join_url(remembered):
        if is_alive and _asks_by_itself(remembered):
            outcomes.append(_try(request, lambda: join_url.ask(user)))
        else:
            _show_join_url(request, join_url)
    elif "join_url" in remembered:
        messages.error(request, GONE)
    # Code and Join URL of one class end in one outcome, told once (J6).
    for outcome in filter(None, dict.fromkeys(outcomes)):
        show_outcome(request, outcome)
        if not isinstance(outcome, JoinRequest):
            request.session.setdefault("landing", outcome.path)  # the page they see next


def _done_for(user):
    """The classes that somebody is in, and their requests that wait."""
    places = user.memberships.select_related("classroom").order_by("pk")
    requests = user.join_requests.pending().order_by("pk")
    return [place.classroom for place in places] + list(requests)


def show_outcome(request, outcome):
    """Say what became of it: a class, entered, or a join request, whose pop-up is shown once (J2, J6)."""
    if isinstance(outcome, JoinRequest):
        messages.info(request, outcome.asked, extra_tags="asked")
    else:
        messages.success(request, f"You are in {outcome.name}.")


def _doors(remembered):
    return {door: remembered[door] for door in ("join_url", "code") if door in remembered}


def _age(remembered):
    return time.time() - remembered["at"]


def _is_alive(request, remembered):
    """Whether it is younger than half an hour, or has begun something that may wait for a mail (J6)."""
    if not remembered:
        return False
    has_begun = "of" in remembered or _has_asked_for_a_mail(request, remembered)
    return _age(remembered) < (BEGUN_FOR if has_begun else FRESH_FOR)


def _asks_by_itself(remembered):
    """Whether a log-in makes the request, while the wish is alive; otherwise it leads to the page that asks first."""
    return "of" in remembered or _age(remembered) < FRESH_FOR


def _has_asked_for_a_mail(request, remembered):
    """Whether somebody asked for a new password within half an hour of this wish."""
    asked_at = forgotten_password.began_at(request)
    return asked_at is not None and 0 <= asked_at - remembered["at"] < FRESH_FOR


def _show_code(request, user, remembered, is_alive):
    """The Code's page next, with the Code in its field; or the reason why it is not."""
    if is_alive:
        request.session[_KEY] = {"code": remembered["code"], "at": time.time(), "of": user.pk}
        request.session["landing"] = reverse("joins:join")
    else:
        messages.info(
            request, "A Code was typed on this computer a while ago. If it was you, type it again to join."
        )


def _show_join_url(request, join_url):
    messages.info(
        request,
        f"“Ask to join” for {join_url.classroom.name} was pressed on this computer a while ago, so we haven't sent a "
        "request. Press it again if you still want to join.",
    )
    request.session["landing"] = join_url.path


def _join_url(wanted):
    """The JoinURL that is wanted, or None; no query where there is none."""
    if "join_url" not in wanted:
        return None
    return JoinURL.objects.select_related("classroom").filter(key=wanted["join_url"]).first()


def _try(request, join):
    """The outcome of `join`; None where it was refused, or the class deleted meanwhile."""
    try:
        return again_within(join)()
    except AlreadyMember as already:
        return already.classroom  # where they are taken (J8)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    except Classroom.DoesNotExist:
        messages.error(request, GONE)
    except (OperationalError, InterfaceError):  # who logs in is not to be kept out by a busy class (F15)
        messages.error(
            request, "You are logged in, but joining did not work just now. Try again in a minute."
        )
    return None
