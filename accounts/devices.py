"""Known devices: those on which somebody has logged in before. Failures on them are counted separately (T55, T56).

So a classmate who types wrong passwords in the same school network doesn't lock anybody out of their own device. A
device is known by a signed cookie. It holds an id of the device and, for each account, a keyed digest of the username
or email address and one of the password at the last log-in. The next person at the computer reads no name in it.

Somebody who once knew the password may have logged in on many devices. So all devices that are known only by an earlier
password share one count, until the new password has been typed on them.
"""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import signing
from django.db.models import Q
from django.utils.crypto import get_random_string, salted_hmac

KEPT_FOR = timedelta(days=365)
MOST_LOGINS = 40  # log-in names, two for an account with an email address; a cookie holds no more than 4 kB
SALT = "accounts.devices"
UNKNOWN = "elsewhere"  # nobody has logged in on this device with this name
KNOWN_BEFORE = "before"  # somebody has, with an earlier password
# Hexadecimal digits; cookies of older releases have no digest of the password.
LOGIN_DIGITS, PASSWORD_DIGITS = 16, 8


def device_of(request, login):
    """Return the id of this device, if somebody has logged in on it as `login` with the current password.

    Returns KNOWN_BEFORE if that was with an earlier password, and UNKNOWN if it never happened. It is kept for the
    whole request, because a log-in is counted in several places.
    """
    if not hasattr(request, "devices"):
        request.devices = {}
    if login not in request.devices:
        request.devices[login] = _read_device(request, login)
    return request.devices[login]


def _read_device(request, login):
    cookie = _read_cookie(request)
    password_digests = {entry[:LOGIN_DIGITS]: entry[LOGIN_DIGITS:] for entry in cookie["logins"]}
    password_digest = password_digests.get(_login_digest(login))
    if password_digest is None:
        return UNKNOWN
    return cookie["id"] if password_digest in _password_digests(login) else KNOWN_BEFORE


def counts_of(device):
    """Return which counts a device may use; the first one that isn't full takes its try.

    All devices that are KNOWN_BEFORE share one count, which somebody else's may have used up. The owner's old device is
    then counted with the unknown ones.
    """
    return [KNOWN_BEFORE, UNKNOWN] if device == KNOWN_BEFORE else [device]


def remember_device(request, response, user):
    """Set the cookie after a log-in. The device keeps its id, so logging in to another account gives no new tries."""
    cookie = _read_cookie(request)
    mine = [_login_digest(login) for login in (user.username, user.email) if login]
    others = [entry for entry in cookie["logins"] if entry[:LOGIN_DIGITS] not in mine]
    now = [digest + _password_digest(user.password) for digest in mine]
    value = signing.dumps({"id": cookie["id"], "logins": [*now, *others][:MOST_LOGINS]}, salt=SALT)
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        value,
        max_age=KEPT_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read_cookie(request):
    try:
        return signing.loads(
            request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=SALT, max_age=KEPT_FOR
        )
    except signing.BadSignature:
        return {"id": get_random_string(22), "logins": []}


def _login_digest(login):
    return salted_hmac(SALT, login.lower()).hexdigest()[:LOGIN_DIGITS]


def _password_digests(login):
    """Call this for known devices only: elsewhere the time of the answer would reveal who has an account (T54)."""
    users = get_user_model().objects.filter(Q(username=login.lower()) | Q(email=login.lower()))
    return [_password_digest(password) for password in users.values_list("password", flat=True)]


def _password_digest(password):
    return salted_hmac(f"{SALT}.password", password).hexdigest()[:PASSWORD_DIGITS]
