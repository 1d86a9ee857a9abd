"""What the session holds while somebody waits for the mail with a link to choose a new password."""

import time

_KEY = "forgotten"


def begin(request, to):
    """Remember that this browser asked for a link. `to` is the page where the person wanted to go, or None."""
    request.session[_KEY] = {"at": time.time(), "next": to}


def began_at(request):
    """Return when this browser asked for a link, in seconds since the epoch; None if it didn't."""
    return request.session.get(_KEY, {}).get("at")


def next_page(request):
    return request.session.get(_KEY, {}).get("next")


def clear(sender, request, **_):
    """Called on every log-in, so that the next person here isn't sent where somebody else wanted to go (T49)."""
    request.session.pop(_KEY, None)
