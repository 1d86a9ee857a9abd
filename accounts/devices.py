"""Devices on which somebody has logged in before: failures there are counted apart (T55, T56).

So a classmate who guesses beside them, in the same school's network, keeps nobody out of their own device. What is kept
is a signed cookie: an id of the device, and for each account a keyed digest of what its owner types, with one of the
password that let them in. The next person at the machine reads no name in it.

Whoever once knew the password can have logged in on many devices. So those from before a new password share one count,
until the new one has been typed on them.
"""

from datetime import timedelta

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_login_failed
from django.core import signing
from django.db.models import Q
from django.utils.crypto import get_random_string, salted_hmac

KEPT_FOR = timedelta(days=365)
MOST = 40  # digests, two for who has an e-mail address; a cookie holds no more than 4 kB
SALT = "accounts.devices"
ELSEWHERE = "elsewhere"
BEFORE = "before"
DIGEST, OF_PASSWORD = 16, 8  # letters; cookies of older releases have none of the password
FAILED_HERE = {"app": "allauth.account", "action": "login_failed_by_strangers"}
MAILS = {"app": "allauth.account", "action": "reset_password_mails"}
MAILS_FROM_HERE = {"app": "allauth.account", "action": "reset_password_by_strangers"}
IN_A_ROW = {"app": "allauth.account", "action": "login_failed_in_a_row"}


def where(request, login):
    """The id of this device, if `login` has been in on it with today's password.

    Otherwise BEFORE, if it was with another password, or ELSEWHERE. It is looked up once a request, because a
    log-in is counted in several places.
    """
    if not hasattr(request, "devices"):
        request.devices = {}
    if login not in request.devices:
        request.devices[login] = _where(request, login)
    return request.devices[login]


def _where(request, login):
    kept = _read(request)
    let_in = {entry[:DIGEST]: entry[DIGEST:] for entry in kept["logins"]}.get(_digest(login))
    if let_in is None:
        return ELSEWHERE
    return kept["id"] if let_in in _passwords(login) else BEFORE


def remember(request, response, user):
    """Called after a log-in. The id stays the device's: nobody gets new tries by logging in as somebody else."""
    kept = _read(request)
    mine = [_digest(login) for login in (user.username, user.email) if login]
    others = [entry for entry in kept["logins"] if entry[:DIGEST] not in mine]
    now = [digest + _of_password(user.password) for digest in mine]
    value = signing.dumps({"id": kept["id"], "logins": [*now, *others][:MOST]}, salt=SALT)
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        value,
        max_age=KEPT_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def count_failure_here(request, login):
    """Count a try from this address, to be rolled back when it succeeds; None after far too many failures.

    A whole school sits behind one address, so a known device is not counted and not stopped (T56, T97).
    """
    if where(request, login) != ELSEWHERE:
        return ratelimit.RateLimitUsage(usage=[])
    return ratelimit.consume(request, **FAILED_HERE)


def may_ask_for_mail(request, email):
    """Count a mail to this address; False after too many. A known device has its own count (T35, T97)."""
    devices = _counted_at(request, email)
    if devices == [ELSEWHERE] and not ratelimit.consume(request, **MAILS_FROM_HERE):
        return False
    return any(ratelimit.consume(request, key=f"{email.lower()}:{device}", **MAILS) for device in devices)


def may_try(request, login):
    """Count a try; False after too many failures in a row."""
    devices = _counted_at(request, login)
    return any(ratelimit.consume(request, key=f"{login}:{device}", **IN_A_ROW) for device in devices)


def may_show_code(request, user):
    """As may_try(), for the second step: whoever has the password guesses a hundred codes a day (T58)."""
    return ratelimit.consume(request, key=_second_step(user), **IN_A_ROW)


def showed_code(request, user):
    """As succeeded(), for the second step."""
    ratelimit.clear(request, key=_second_step(user), **IN_A_ROW)


def succeeded(request, login):
    """The row is broken."""
    for device in _counted_at(request, login):
        ratelimit.clear(request, key=f"{login}:{device}", **IN_A_ROW)


def tell_failure(reason):
    """A log-in failed, and not by the password: as Django tells of that, with one word and nobody's name."""
    user_login_failed.send(sender=__name__, credentials={}, request=None, reason=reason)


def forgive(user):
    """Called when there is a new password: what was guessed at is gone."""
    for login in filter(None, (user.username, user.email)):
        for device in (BEFORE, ELSEWHERE):
            ratelimit.clear(None, key=f"{login}:{device}", **IN_A_ROW)
    showed_code(None, user)


def _counted_at(request, login):
    """Where a try counts: at the first that has room.

    Somebody else's old device may have used up what all of them share: the owner's is then a stranger like any other.
    """
    device = where(request, login)
    return [BEFORE, ELSEWHERE] if device == BEFORE else [device]


def _second_step(user):
    return f"second-step:{user.pk}"


def _read(request):
    try:
        return signing.loads(
            request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=SALT, max_age=KEPT_FOR
        )
    except signing.BadSignature:
        return {"id": get_random_string(22), "logins": []}


def _digest(login):
    return salted_hmac(SALT, login.lower()).hexdigest()[:DIGEST]


def _passwords(login):
    """Asked for known devices alone, so that nobody else learns by the time of an answer who has an account (T54)."""
    theirs = get_user_model().objects.filter(Q(username=login.lower()) | Q(email=login.lower()))
    return [_of_password(password) for password in theirs.values_list("password", flat=True)]


def _of_password(password):
    return salted_hmac(f"{SALT}.password", password).hexdigest()[:OF_PASSWORD]
