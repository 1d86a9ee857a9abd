"""How long a log-in lasts. The server checks it at each request (T59, T62; ADR 12).

The cookie goes when the browser is closed. In browsers that are never closed, the times in the session end the log-in.
"""

import json
import time
from contextlib import suppress
from datetime import timedelta

from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import DatabaseError
from django.dispatch import Signal
from django.middleware.csrf import get_token
from django.utils.crypto import salted_hmac
from django.utils.deprecation import MiddlewareMixin

HOUR = 3600  # seconds
STAY_LOGGED_IN_FOR = timedelta(weeks=2).total_seconds()  # "keep me logged in"
WRITE_EVERY = 300  # seconds; the session isn't written more often to note that somebody is there
# Sent with `request` and `user` while somebody who is logged in is active, at most once in WRITE_EVERY seconds.
user_seen = Signal()
_LOGGING_IN = "account_login"  # allauth's session key, from the password to the last step of a log-in
# And that with a record of each time that somebody has proved who they are.
_PROOFS = "account_authentication_methods"
# And that with the code that confirms a new address. accounts/mailed_code.py imports it from allauth, whose models are
# not loaded yet when this module is.
_MAILED_CODE = "account_email_verification_code"
_INTERRUPTED = "account_reauthentication_state"  # and that with a press that waits for the password
MOST_PROOFS = 10  # records that stay, the newest: each request reads the whole session
_BEGAN, SEEN = "log_in_began", "log_in_seen"  # session keys; seconds since the epoch


def may_stay_logged_in(user):
    """Whether this person may use "keep me logged in": students share computers, so they may not, nor may operators."""
    return user.is_teacher and not user.is_staff


def limits(user, stays_logged_in):
    """Return how many seconds a log-in may go unused, and how many it lasts at most."""
    if stays_logged_in and may_stay_logged_in(user):
        return STAY_LOGGED_IN_FOR, STAY_LOGGED_IN_FOR
    if user.is_staff:
        return HOUR, 8 * HOUR
    return (2 if user.is_teacher else 1) * HOUR, 12 * HOUR


def note_log_in(sender, request, user, **_):
    """Called on every log-in and sign-up."""
    request.session[_BEGAN] = request.session[SEEN] = time.time()


def note_last_login(sender, user, **_):
    """Called on every log-in and sign-up. The row of a student who is signing up has been written with it."""
    if not user.is_signing_up:
        user.note_log_in()


def keep_newest_proofs(sender, request, **_):
    """Called whenever somebody has proved who they are: by a password, or a code of the second step."""
    request.session[_PROOFS] = request.session[_PROOFS][-MOST_PROOFS:]


def note_log_out(sender, request, **_):
    """Called on every log-out, also after a time limit: config.security_headers then clears browser data (T62)."""
    request.has_logged_out = True


def log_out_others(sender, request, email_address, **_):
    """Called when an address is verified: log out anybody else who uses this account (T53)."""
    if _LOGGING_IN in request.session:
        return  # verified during a log-in, when nobody is logged in yet
    person = email_address.user
    everybody = type(person).objects.filter(pk=person.pk)
    everybody.log_out_everywhere()
    if request.user == person:
        update_session_auth_hash(request, everybody.get())


def end_one_time_password(sender, user, **_):
    """Called when a password is changed or reset: end the one-time password and a pending address (T15, T53)."""
    user.drop_pending_address()
    user.clear_one_time_password()


def end_mailed_code(sender, request, **_):
    """Called when somebody changes their password: the code that their own session waits for works no more (T53).

    Somebody else, who found this browser open, may have asked for it. All other sessions end with the old password.
    """
    request.session.pop(_MAILED_CODE, None)


def has_expired(session, user):
    """Whether the time of this log-in is over. True if the session has no times, because its age is unknown."""
    idle, total = limits(user, stays_logged_in=not session.get_expire_at_browser_close())
    now = time.time()
    return now - session.get(_BEGAN, 0) >= total or now - session.get(SEEN, 0) >= idle


def browser_of(request):
    """Return a keyed digest that tells browsers apart, even if nobody is logged in and there's no session.

    It's made from the CSRF cookie, which changes at each log-in.
    """
    if "CSRF_COOKIE" not in request.META:
        get_token(request)  # creates the cookie
    return salted_hmac("accounts.sessions", request.META["CSRF_COOKIE"]).hexdigest()[:32]


def save_now(session):
    """Save the session in the middle of a request, so that a second press finds in it what this one has done.

    If somebody has logged out in another tab in the meantime, this is no error of ours: the answer is 400, as it is if
    Django finds that out at the end of a request. Call it in the act's transaction, which is then rolled back.
    """
    try:
        session.save()
    except UpdateError:
        raise SessionInterrupted from None


class LogInEndsMiddleware(MiddlewareMixin):
    """Log out people who were away too long, and note who is active; a page's own polls don't count as activity.

    It also forgets a press that somebody left at the page that asks for the password.
    """

    def process_view(self, request, view, args, kwargs):
        if not request.user.is_authenticated:
            return
        session, is_poll = request.session, request.htmx and request.method == "GET"
        if has_expired(session, request.user):
            logout(request)
            return
        if request.method != "POST":
            _forget_press(request)
        if not is_poll and time.time() - session[SEEN] >= WRITE_EVERY:
            _note_activity(request)


def _forget_press(request):
    """If a press waits for the password, and the page of that press is opened again, forget the press.

    From now on, the password is asked for to see the page. allauth would also do what was pressed before: delete the
    account of somebody who has changed their mind (T60).
    """
    waits = request.session.get(_INTERRUPTED, {}).get("request")
    if waits and json.loads(waits)["path"] == request.path:
        del request.session[_INTERRUPTED]


def _note_activity(request):
    """Note that somebody is there. If this can't be written, because the disk is full, they can read on (F20)."""
    session = request.session
    is_changed = session.modified
    session[SEEN] = time.time()
    with suppress(DatabaseError, UpdateError):  # UpdateError: the session was ended at this moment
        session.save()
        user_seen.send(LogInEndsMiddleware, request=request, user=request.user)
    session.modified = is_changed
