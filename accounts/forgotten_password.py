"""What is kept in the session while somebody waits for the mail with a link to choose a new password."""

import time

_KEY = "forgotten"


def begin(request, to):
    """A link was asked for; `to` is where the person wanted to go, or None."""
    request.session[_KEY] = {"at": time.time(), "next": to}


def began_at(request):
    """When this browser asked for a link, in seconds since the epoch; None if it did not."""
    return request.session.get(_KEY, {}).get("at")


def leads_to(request):
    return request.session.get(_KEY, {}).get("next")


def forget(sender, request, **_):
    """Called on every log-in: the next person at this browser goes nowhere that they did not ask for (T49)."""
    request.session.pop(_KEY, None)
