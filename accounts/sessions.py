"""How long a log-in lasts, checked on the server at each request (T59, T62; ADR 12).

The cookie ends with the browser; what is kept in the session ends it for browsers that never close.
"""

import time
from contextlib import suppress
from datetime import timedelta

from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.sessions.backends.base import UpdateError
from django.db import DatabaseError
from django.dispatch import Signal
from django.middleware.csrf import get_token
from django.utils.crypto import salted_hmac

HOUR = 3600  # seconds
KEPT = timedelta(weeks=2).total_seconds()  # "keep me logged in"
WRITE_EVERY = 300  # seconds; an act in between is not worth a write
# Sent with `request` and `user` every so often while somebody who is logged in acts.
is_there = Signal()
_LOGGING_IN = "account_login"  # allauth's, from the password to the last step of a log-in
_BEGAN, _SEEN = "log_in_began", "log_in_seen"  # seconds since the epoch


def may_be_kept(user):
    """Whether "keep me logged in" is for this person: not for students, who share machines, nor for operators."""
    return user.is_teacher and not user.is_staff


def limits(user, is_kept):
    """How many seconds a log-in may go unused, and how many it lasts at most."""
    if is_kept and may_be_kept(user):
        return KEPT, KEPT
    if user.is_staff:
        return HOUR, 8 * HOUR
    return (2 if user.is_teacher else 1) * HOUR, 12 * HOUR


def begin(sender, request, user, **_):
    """Called on every log-in and sign-up."""
    request.session[_BEGAN] = request.session[_SEEN] = time.time()


def note_end(sender, request, **_):
    """Called on every log-out, by a press or by the clock: config.security_headers then empties the browser (T62)."""
    request.has_logged_out = True


def end_others(sender, request, email_address, **_):
    """Called when an address is verified: whoever else sits at this account does so no longer (T53)."""
    if _LOGGING_IN in request.session:
        return  # verified on the way in, where nobody is in yet
    person = email_address.user
    everybody = type(person).objects.filter(pk=person.pk)
    everybody.log_out_everywhere()
    if request.user == person:
        update_session_auth_hash(request, everybody.get())


def settle(sender, user, **_):
    """Called when a password is changed or chosen anew: what somebody else has begun ends there (T15, T53)."""
    user.drop_pending_address()
    user.has_own_password()


def has_ended(session, user):
    """Also a log-in that says no beginning has ended: nobody knows how old it is."""
    idle, whole = limits(user, is_kept=not session.get_expire_at_browser_close())
    now = time.time()
    return now - session.get(_BEGAN, 0) >= whole or now - session.get(_SEEN, 0) >= idle


def browser_of(request):
    """A keyed digest that tells browsers apart, also those of people who are signed out and have no session of ours.

    By the cookie that every form needs; it is another one after each log-in.
    """
    get_token(request)  # makes one where there is none
    return salted_hmac("accounts.sessions", request.META["CSRF_COOKIE"]).hexdigest()[:32]


class LogInEndsMiddleware:
    """Log out who was away too long, and note who is not; what a page asks by itself is no sign of a person."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not request.user.is_authenticated:
            return
        if has_ended(request.session, request.user):
            logout(request)
        elif not (request.htmx and request.method == "GET") and _is_due(request.session):
            _note(request)


def _note(request):
    """Somebody is there. Where that cannot be written, for the disk is full, they read on all the same (F20)."""
    session = request.session
    is_changed = session.modified
    session[_SEEN] = time.time()
    with suppress(DatabaseError, UpdateError):  # the latter: it has been ended in this very moment
        session.save()
        is_there.send(LogInEndsMiddleware, request=request, user=request.user)
    session.modified = is_changed


def _is_due(session):
    return time.time() - session[_SEEN] >= WRITE_EVERY
