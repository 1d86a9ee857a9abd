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
MOST_LOGINS = 40  # log-in names, two for an account with an email address; a cookie holds no more than 4 kB
SALT = "accounts.devices"
UNKNOWN = "elsewhere"  # nobody has logged in on this device with this name
KNOWN_BEFORE = "before"  # somebody has, with an earlier password
# Hexadecimal digits; cookies of older releases have no digest of the password.
LOGIN_DIGITS, PASSWORD_DIGITS = 16, 8
RESET_MAILS = {"app": "allauth.account", "action": "reset_password_mails"}
RESET_MAILS_FROM_ADDRESS = {"app": "allauth.account", "action": "reset_password_by_strangers"}
CONFIRMING_MAILS = {"app": "allauth.account", "action": "confirming_mails"}
UNKNOWN_ACCOUNT_MAILS = {"app": "allauth.account", "action": "unknown_account_mails"}
INVITATION_MAILS = {"app": "allauth.account", "action": "invitation_mails"}
FAILURES_IN_A_ROW = {"app": "allauth.account", "action": "login_failed_in_a_row"}


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


def may_ask_for_mail(request, email):
    """Count a mail to this address; return False after too many. A known device has its own count (T35, T97)."""
    device = device_of(request, email)
    if device == UNKNOWN and not ratelimit.consume(request, **RESET_MAILS_FROM_ADDRESS):
        return False
    return any(
        ratelimit.consume(request, key=f"{email.lower()}:{counted_as}", **RESET_MAILS)
        for counted_as in counts_of(device)
    )


def may_mail_unknown(request):
    """Count a mail to an address without an account; return False after too many from this IP address (T35)."""
    return bool(ratelimit.consume(request, **UNKNOWN_ACCOUNT_MAILS))


def may_mail_to_confirm(request, email):
    """Count a mail that confirms an address, or says that it has an account; return False after too many (T35)."""
    return bool(ratelimit.consume(request, key=email.lower(), **CONFIRMING_MAILS))


def may_mail_invitation(request, email):
    """Count an invitation to this address, no matter who sends it; return False after too many (T35).

    Rows of the database don't count this: those of an erased account are deleted.
    """
    return bool(ratelimit.consume(request, key=email, **INVITATION_MAILS))


def may_try_code(request, user):
    """Count a code of the second step: who has the password can try only a hundred wrong ones a day (T58)."""
    return ratelimit.consume(request, key=_second_step_key(user), **FAILURES_IN_A_ROW)


def clear_code_failures(request, user):
    """The code was right, or the account gets a new password."""
    ratelimit.clear(request, key=_second_step_key(user), **FAILURES_IN_A_ROW)


def send_login_failed(reason):
    """Send Django's user_login_failed with a reason. It carries nobody's name."""
    user_login_failed.send(sender=__name__, credentials={}, request=None, reason=reason)


def _second_step_key(user):
    return f"second-step:{user.pk}"


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
