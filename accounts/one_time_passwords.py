"""How a one-time password is drawn, and how it is read when somebody types it. The account knows when it ends (T15)."""

from datetime import timedelta

from django.utils.crypto import salted_hmac

# No vowels, so that there are no words, and no two that look alike in small letters.
ONE_TIME_LETTERS = "cdhjmrtvwxz2346789"
ONE_TIME_LENGTH = 8  # letters: 11 billion passwords, of which the log-in allows a few hundred tries
ONE_TIME_HOURS = 24  # how long it works
ONE_TIME_FOR = timedelta(hours=ONE_TIME_HOURS)


def derive_one_time_password(secret):
    """Derive a password from `secret`, always the same one. Nobody can compute it without our SECRET_KEY."""
    number = int(salted_hmac("accounts.one_time", secret, algorithm="sha256").hexdigest(), 16)
    letters = []
    for _ in range(ONE_TIME_LENGTH):
        number, letter = divmod(number, len(ONE_TIME_LETTERS))
        letters.append(ONE_TIME_LETTERS[letter])
    return "".join(letters)


def normalize_one_time_password(typed):
    """Return a one-time password as it was drawn: small letters, no spaces, no hyphens. Other text stays as it is.

    Children copy it from paper or from the board, and a phone starts it with a capital letter. It is only drawn from
    small letters and digits, so capitals, spaces and hyphens can't make it another password.
    """
    return _as_drawn(typed) or typed


def may_be_one_time_password(typed):
    """Whether this looks like a one-time password. It says nothing about any account."""
    return _as_drawn(typed) is not None


def _as_drawn(typed):
    folded = "".join(typed.split()).replace("-", "").lower()
    return folded if len(folded) == ONE_TIME_LENGTH and set(folded) <= set(ONE_TIME_LETTERS) else None
