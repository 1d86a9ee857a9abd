"""Deletes the sessions of erased people.

Each session has to be read: of unfinished log-ins, and of those that the previous release has written, no column says
whose they are (F27).
"""

from allauth.account.models import EmailAddress

from accounts.models import Session, User

BATCH_SIZE = 500  # sessions that one query reads
# Session keys with a user's pk: Django's, once they are logged in; allauth's, as soon as they have typed a password.
_USER_ID_KEYS = ["_auth_user_id", "account_authentication_methods_user"]
# Session keys of allauth, used while somebody has yet to type a code from a mail. Each has an email address in it.
_EMAIL_KEYS = ["account_login", "account_email_verification_code"]


def delete_sessions_of(user_ids):
    """Delete all sessions of these users.

    It also deletes sessions in which a sign-up or log-in is half done with an email address that no account has. Such
    an address may have belonged to one of these users until they were erased.
    """
    texts = set(map(str, user_ids))  # as sessions store them
    for sessions in _session_batches():
        data_by_key = {session.pk: session.get_decoded() for session in sessions}
        to_delete = [
            key for key, data in data_by_key.items() if not texts.isdisjoint(map(data.get, _USER_ID_KEYS))
        ]
        unfinished = {
            key: addresses for key, data in data_by_key.items() if (addresses := _unfinished_addresses(data))
        }
        unknown = _addresses_without_account(set().union(*unfinished.values()))
        to_delete += [key for key, addresses in unfinished.items() if addresses & unknown]
        Session.objects.filter(pk__in=to_delete).delete()


def _unfinished_addresses(data):
    """Return the addresses in a session's unfinished sign-up or log-in.

    A session that is logged in has none: its user may be verifying a new address, which no account has yet either.
    """
    parts = [data.get(key) for key in _EMAIL_KEYS if "_auth_user_id" not in data]
    return {part["email"].lower() for part in parts if part and part["email"]}


def _addresses_without_account(addresses):
    """Return those of the addresses that no account has."""
    used = User.objects.filter(email__in=addresses).values_list("email", flat=True)
    claimed = EmailAddress.objects.filter(email__in=addresses).values_list("email", flat=True)
    return addresses - {*used, *claimed}


def _session_batches():
    """Yield all sessions in lists of BATCH_SIZE, because there may be a hundred thousand."""
    last = ""
    while batch := list(Session.objects.filter(pk__gt=last).order_by("pk")[:BATCH_SIZE]):
        yield batch
        last = batch[-1].pk
