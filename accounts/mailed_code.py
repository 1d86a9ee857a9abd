"""What a session holds while it waits for the code that was mailed to confirm an address. allauth writes it."""

from allauth.account.internal.flows.email_verification_by_code import (
    EMAIL_VERIFICATION_CODE_SESSION_KEY as SESSION_KEY,
)


def waiting_for(session):
    """Return allauth's notes: user_id (not if the address is taken), email, code, at; {} if it waits for no code."""
    return dict(session.get(SESSION_KEY, {}))  # a copy, because allauth changes it


def keep_earlier_code(session, earlier):
    """If the newest mail was held back, let the code of the earlier mail work on.

    `earlier` is what waiting_for() returned before. Without that code, none works until the next mail.
    """
    newest = waiting_for(session)
    if newest and not newest["code"] and _whose(newest) == _whose(earlier):
        session[SESSION_KEY] = earlier | {"resend_count": newest["resend_count"]}


def forget_others(session, user):
    """Forget the code of another person, who left the session before they typed it (T62)."""
    if waiting_for(session).get("user_id") != str(user.pk):
        session.pop(SESSION_KEY, None)


def _whose(waiting):
    return waiting.get("user_id"), waiting.get("email")
