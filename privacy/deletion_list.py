"""Whose account was erased, kept outside the database and its backups, so that a restore forgets them again (F31).

A line an account: its number, and a fingerprint of number and moment of sign-up. After a restore the same number may
belong to somebody else; the fingerprint then does not match. Neither names anybody.
"""

import os
from hashlib import sha256
from pathlib import Path

from django.conf import settings


def mark(user):
    joined = user.date_joined.timestamp()
    return f"{user.pk} {sha256(f'{user.pk} {joined:.6f}'.encode()).hexdigest()}"


def add(user):
    """Write one line down for good; once this returns, not even a power cut takes it back."""
    file = Path(settings.DELETION_LIST)
    is_new = not file.exists()
    line = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        # The newline comes first, too: a line that a crash has cut short must not spoil this one.
        os.write(line, f"\n{mark(user)}\n".encode())
        os.fsync(line)
    finally:
        os.close(line)
    if is_new:
        _sync(file.parent)  # the file's name, else its lines are lost with it


def marks():
    """Every line, by the account's number: {7: {"7 0f3a…", …}}."""
    file = Path(settings.DELETION_LIST)
    found = {}
    for line in file.read_text().splitlines() if file.exists() else []:
        number, _, fingerprint = line.partition(" ")
        if number.isdecimal() and len(fingerprint) == 64:
            found.setdefault(int(number), set()).add(line)
    return found


def _sync(folder):
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
