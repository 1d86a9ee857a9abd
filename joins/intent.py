"""What somebody who is not logged in wants to join. Their session stores it until they log in (J6, J7, T49; ADR 21).

A newer wish replaces an older one. A wish belongs to the browser at first, and to an account as soon as that account
signs up or logs in with it.
"""

import time

from django.contrib import messages
from django.db import InterfaceError, OperationalError
from django.urls import reverse

from accounts import forgotten_password
from accounts.transactions import retry_savepoint
from classroom.exceptions import AlreadyMember, Refusal
from classroom.models import Classroom
from joins import codes
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_typed_code
from joins.models import JoinRequest, JoinURL
from joins.throttle import CodeThrottle

FRESH_FOR = 30 * 60  # seconds; after them a wish ends, unless somebody has begun to log in or sign up with it
# Seconds for a wish with which somebody has begun; a mailed code lasts a day, and they may need a second.
BEGUN_FOR = 48 * 3600
JUST_TYPED = "typed"  # in the query string of the page that comes directly after a Code was typed
GONE = "The class that you wanted to ask to join has been deleted, so we haven't sent a request. Talk to its teacher."
_KEY = "wish"


def keep(request, **wanted):
    """Store `join_url` (its key) or `code`, and replace what was stored before (T49)."""
    request.session[_KEY] = wanted | {"at": time.time()}


def keep_from_sign_up(request, code):
    """Store the Code of a sign-up that failed for another reason. A stored Join URL stays stored (J7, J11)."""
    if join_url := kept(request).get("join_url"):
        request.session[_KEY] |= {"join_url": join_url, "code": code}
        request.session.modified = True
    else:
        keep(request, code=code)


def kept(request):
    """Return what is stored and has not ended, as a dict with `join_url`, `code`, both or neither."""
    remembered = request.session.get(_KEY, {})
    return _doors(remembered) if _is_alive(request, remembered) else {}


def typed_before(request):
    """Return the initial values of a form with a Code field, so that nobody has to type their Code again.

    The Code is shown to somebody who has logged in since, or has just typed it. Anybody else who opens the page may be
    the next pupil at this computer, and sees no Code (T49).
    """
    is_theirs = request.user.is_authenticated or JUST_TYPED in request.GET
    return {"code": codes.shown(kept(request).get("code", ""))} if is_theirs else {}


def wish(request):
    """Return what is stored, as a dict for templates, or None.

    It says only that there is a Code, and nothing more about it (J0). `asks_by_itself`: a log-in creates the join
    request by itself. `has_ended`: it is too old, and a log-in does nothing with it.
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
    """Note what the Code in the sign-up form led to. fulfil() shows it, and then ignores a stored Code."""
    request.joined = outcome


def claim(sender, request, user, **_):
    """Runs when somebody has typed the right password. From now on, a wish of the last half hour belongs to them."""
    remembered = request.session.get(_KEY, {})
    if remembered.get("of", user.pk) != user.pk:
        forget(request)  # it belongs to another account (T49)
    elif remembered and _age(remembered) < FRESH_FOR:
        request.session[_KEY] = remembered | {"of": user.pk}


def claim_by_new_password(sender, request, user, **_):
    """Runs when somebody has reset their password. The wish belongs to them, however long the mail took."""
    remembered = request.session.get(_KEY, {})
    if remembered.get("of", user.pk) == user.pk and _is_alive(request, remembered):
        request.session[_KEY] = remembered | {"of": user.pk}


def claim_by_sign_up(sender, request, user, **_):
    """Runs when an account was created. The sign-up page showed the wish, so it belongs to the new account."""
    if kept(request):
        request.session[_KEY] |= {"of": user.pk, "signed_up": True}
        request.session.modified = True


def fulfil(sender, request, user, **_):
    """Runs at every log-in: join, or ask to join, what the wish says.

    The Code comes first: if Code and Join URL lead to the same class, the Code decides (J7). A Code that was typed
    before the log-in, and an old press of "Ask to join", may be another person's. So nothing is done with them; the
    next page shows them together with the name of the person who is about to join (T49, J11).
    """
    remembered = request.session.pop(_KEY, {})
    if remembered.get("of", user.pk) != user.pk:
        remembered = {}
    outcomes = [getattr(request, "joined", None)]
    if getattr(request, "is_second_press", False):
        # The first press of the sign-up form has done this, or is doing it now, but its answer was never shown (A9).
        remembered = remembered | {"of": user.pk, "signed_up": True} if _is_alive(request, remembered) else {}
        outcomes += _done_for(user)
    is_alive = _is_alive(request, remembered)
    if "code" in remembered and not outcomes[0]:
        if remembered.get("signed_up"):
            outcomes.append(
                _try(request, lambda: use_typed_code(remembered["code"], user, CodeThrottle(request, user)))
            )
        else:
            _show_code(request, user, remembered, is_alive)
    if join_url := _join_url(remembered):
        if is_alive and _asks_by_itself(remembered):
            outcomes.append(_try(request, lambda: ask_by_join_url(join_url, user)))
        else:
            _show_join_url(request, join_url)
    elif "join_url" in remembered:
        messages.error(request, GONE)
    # Code and Join URL of the same class have the same outcome, which is shown once (J6).
    for outcome in filter(None, dict.fromkeys(outcomes)):
        show_outcome(request, outcome)
        if not isinstance(outcome, JoinRequest):
            request.session.setdefault("landing", outcome.path)  # the page that is shown after the log-in


def _done_for(user):
    """Return the classes of a new account, and its pending requests."""
    places = user.memberships.select_related("classroom").order_by("pk")
    requests = user.join_requests.pending().order_by("pk")
    return [place.classroom for place in places] + list(requests)


def show_outcome(request, outcome):
    """Show once, on the next page, that a class was joined, or the pop-up about a join request (J2, J6)."""
    if isinstance(outcome, JoinRequest):
        messages.info(request, outcome.asked, extra_tags="asked")
    else:
        messages.success(request, f"You are in {outcome.name}.")


def _doors(remembered):
    return {door: remembered[door] for door in ("join_url", "code") if door in remembered}


def _age(remembered):
    return time.time() - remembered["at"]


def _is_alive(request, remembered):
    """Return whether the wish is younger than half an hour, or somebody has begun to log in or sign up with it (J6)."""
    if not remembered:
        return False
    has_begun = "of" in remembered or _has_asked_for_a_mail(request, remembered)
    return _age(remembered) < (BEGUN_FOR if has_begun else FRESH_FOR)


def _asks_by_itself(remembered):
    """Return whether a log-in creates the request by itself. Otherwise it leads to the page with "Ask to join"."""
    return "of" in remembered or _age(remembered) < FRESH_FOR


def _has_asked_for_a_mail(request, remembered):
    """Return whether somebody asked for a new password within half an hour after this wish."""
    asked_at = forgotten_password.began_at(request)
    return asked_at is not None and 0 <= asked_at - remembered["at"] < FRESH_FOR


def _show_code(request, user, remembered, is_alive):
    """Show the page for Codes after the log-in, with the Code in its field. If it is too old, say so instead."""
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
    """Return the stored JoinURL, or None. Needs no query if no Join URL is stored."""
    if "join_url" not in wanted:
        return None
    return JoinURL.objects.select_related("classroom").filter(key=wanted["join_url"]).first()


def _try(request, join):
    """Return what `join` returns. If it is refused or fails, show why and return None."""
    try:
        return retry_savepoint(join)()
    except AlreadyMember as already:
        return already.classroom  # the page that is shown next (J8)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    except Classroom.DoesNotExist:
        messages.error(request, GONE)
    except (OperationalError, InterfaceError):  # a busy class must not prevent the log-in (F15)
        messages.error(
            request, "You are logged in, but joining did not work just now. Try again in a minute."
        )
    return None
