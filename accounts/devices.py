"""Known devices: those on which somebody has logged in before. Failures on them are counted separately (T55, T56).

So a classmate who types wrong passwords in the same school network doesn't lock anybody out of their own device. A
device is known by a signed cookie. It holds an id of the device and, for each account, a keyed digest of the username
or email address and one of the password at the last log-in. The next person at the computer reads no name in it.

Somebody who once knew the password may have logged in on many devices. So all devices that are known only by an earlier
password share one count, until the new password has been typed on them.
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
MOST = 40  # log-in names, two for an account with an email address; a cookie holds no more than 4 kB
SALT = "accounts.devices"
ELSEWHERE = "elsewhere"
BEFORE = "before"
DIGEST, OF_PASSWORD = 16, 8  # hexadecimal digits; cookies of older releases have no digest of the password
FAILED_HERE = {"app": "allauth.account", "action": "login_failed_by_strangers"}
MAILS = {"app": "allauth.account", "action": "reset_password_mails"}
MAILS_FROM_HERE = {"app": "allauth.account", "action": "reset_password_by_strangers"}
IN_A_ROW = {"app": "allauth.account", "action": "login_failed_in_a_row"}


def where(request, login):
    """Return the id of this device, if somebody has logged in on it as `login` with the current password.

    Returns BEFORE if that was with an earlier password, and ELSEWHERE if it never happened. The answer is kept for the
    whole request, because a log-in is counted in several places.
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
    """Set the cookie after a log-in. The device keeps its id, so logging in to another account gives no new tries."""
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
    """Count a try from this IP address; the caller rolls it back if it succeeds. Returns None after far too many.

    A whole school may share one IP address, so a known device is neither counted nor stopped here (T56, T97).
    """
    if where(request, login) != ELSEWHERE:
        return ratelimit.RateLimitUsage(usage=[])
    return ratelimit.consume(request, **FAILED_HERE)


def may_ask_for_mail(request, email):
    """Count a mail to this address; return False after too many. A known device has its own count (T35, T97)."""
    devices = _counted_at(request, email)
    if devices == [ELSEWHERE] and not ratelimit.consume(request, **MAILS_FROM_HERE):
        return False
    return any(ratelimit.consume(request, key=f"{email.lower()}:{device}", **MAILS) for device in devices)


def may_try(request, login):
    """Count a try to log in; return False after too many failures in a row."""
    devices = _counted_at(request, login)
    return any(ratelimit.consume(request, key=f"{login}:{device}", **IN_A_ROW) for device in devices)


def may_show_code(request, user):
    """Like may_try(), for the second step: somebody with the password can only try a hundred codes a day (T58)."""
    return ratelimit.consume(request, key=_second_step(user), **IN_A_ROW)


def showed_code(request, user):
    """Like succeeded(), for the second step."""
    ratelimit.clear(request, key=_second_step(user), **IN_A_ROW)


def succeeded(request, login):
    """The password was right, so failures in a row are counted from zero again."""
    for device in _counted_at(request, login):
        ratelimit.clear(request, key=f"{login}:{device}", **IN_A_ROW)


def tell_failure(reason):
    """Send Django's user_login_failed for another reason than a wrong password. It carries nobody's name."""
    user_login_failed.send(sender=__name__, credentials={}, request=None, reason=reason)


def forgive(user):
    """Called when an account gets a new password: wrong guesses at the old one no longer count."""
    for login in filter(None, (user.username, user.email)):
        for device in (BEFORE, ELSEWHERE):
            ratelimit.clear(None, key=f"{login}:{device}", **IN_A_ROW)
    showed_code(None, user)


def _counted_at(request, login):
    """Return the counts to try in this order; the first one with room takes the try.

    All old devices share one count, which somebody else's may have used up. The owner's old device is then counted
    with the strangers.
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
    """Call this for known devices only: elsewhere the time of the answer would reveal who has an account (T54)."""
    theirs = get_user_model().objects.filter(Q(username=login.lower()) | Q(email=login.lower()))
    return [_of_password(password) for password in theirs.values_list("password", flat=True)]


def _of_password(password):
    return salted_hmac(f"{SALT}.password", password).hexdigest()[:OF_PASSWORD]
