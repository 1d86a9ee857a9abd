"""What a restored backup must not bring back, kept outside the database and its backups (F31).

A line for each erased account: its number, and a fingerprint of number and moment of sign-up. After a restore the same
number may belong to somebody else; the fingerprint then doesn't match. Neither names anybody. A line that begins with
one of WORDS says instead what happened to somebody's rights; the last one about an account and a right counts.
"""

import os
from hashlib import sha256
from pathlib import Path

from django.conf import settings

CLOSED, REOPENED = "closed", "reopened"  # an account
WITHDRAWN, GIVEN = "withdrawn", "given"  # an operator's access
WORDS = {CLOSED: {CLOSED, REOPENED}, WITHDRAWN: {WITHDRAWN, GIVEN}}


def mark(user):
    joined = user.date_joined.timestamp()
    return f"{user.pk} {sha256(f'{user.pk} {joined:.6f}'.encode()).hexdigest()}"


def add(user, word=""):
    """Write one line down for good; once this returns, not even a power cut takes it back."""
    file = Path(settings.DELETION_LIST)
    is_new = not file.exists()
    line = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        # The newline comes first, too: a line that a crash has cut short must not spoil this one.
        os.write(line, f"\n{f'{word} {mark(user)}'.strip()}\n".encode())
        os.fsync(line)
    finally:
        os.close(line)
    if is_new:
        _sync(file.parent)  # the file's name, else its lines are lost with it


def marks():
    """Every line, by the account's number: {7: {"7 0f3a…", …}}."""
    found = {}
    for line in _lines():
        number, _, fingerprint = line.partition(" ")
        if number.isdecimal() and len(fingerprint) == 64:
            found.setdefault(int(number), set()).add(line)
    return found


def taken(right):
    """The marks of those about whom `right`, CLOSED or WITHDRAWN, is the last word."""
    last = {}
    for line in _lines():
        word, _, marked = line.partition(" ")
        if word in WORDS[right]:
            last[marked] = word
    return {marked for marked, word in last.items() if word == right}


def _lines():
    file = Path(settings.DELETION_LIST)
    return file.read_text(errors="replace").splitlines() if file.exists() else []


def _sync(folder):
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
