"""How many mails may go to one address, and how many wrong codes of the second step an account has (T35, T58).

The numbers are in settings.ACCOUNT_RATE_LIMITS. Tries to log in are counted in accounts/models/log_in_try.py.
"""

from allauth.core.internal import ratelimit

from accounts.devices import UNKNOWN, counts_of, device_of

APP = "allauth.account"


def may_ask_for_mail(request, email):
    """Count a mail to this address; return False after too many. A known device has its own count (T35, T97)."""
    device = device_of(request, email)
    if device == UNKNOWN and not _consume(request, "reset_password_by_strangers"):
        return False
    return any(
        _consume(request, "reset_password_mails", key=f"{email.lower()}:{counted_as}")
        for counted_as in counts_of(device)
    )


def may_mail_unknown(request):
    """Count a mail to an address without an account; return False after too many from this IP address (T35)."""
    return _consume(request, "unknown_account_mails")


def may_mail_to_confirm(request, email):
    """Count a mail that confirms an address, or says that it has an account; return False after too many (T35)."""
    return _consume(request, "confirming_mails", key=email.lower())


def may_mail_invitation(request, email):
    """Count an invitation to this address, no matter who sends it; return False after too many (T35).

    Rows of the database don't count this: those of an erased account are deleted.
    """
    return _consume(request, "invitation_mails", key=email)


def may_try_code(request, user):
    """Count a code of the second step: who has the password can try only a hundred wrong ones a day (T58)."""
    return _consume(request, "login_failed_in_a_row", key=_second_step_key(user))


def clear_code_failures(request, user):
    """The code was right, or the account gets a new password."""
    ratelimit.clear(request, app=APP, action="login_failed_in_a_row", key=_second_step_key(user))


def _second_step_key(user):
    return f"second-step:{user.pk}"


def _consume(request, action, **key):
    return bool(ratelimit.consume(request, app=APP, action=action, **key))
