"""The deletion list: a file outside the database that says what a restored backup must not bring back (F31).

Each erased account has a line with its number and a fingerprint of number and moment of sign-up. After a restore the
same number may belong to somebody else; then the fingerprint doesn't match. Neither of them names anybody. A line that
begins with one of the words below says instead that an account was closed or reopened, or that access to the admin was
withdrawn or given. The last such line about an account counts.
"""

import os
from hashlib import sha256
from pathlib import Path

from django.conf import settings

CLOSED, REOPENED = "closed", "reopened"  # an account
WITHDRAWN, GIVEN = "withdrawn", "given"  # an operator's access
UNDONE_BY = {CLOSED: REOPENED, WITHDRAWN: GIVEN}


def mark(user):
    joined = user.date_joined.timestamp()
    return f"{user.pk} {sha256(f'{user.pk} {joined:.6f}'.encode()).hexdigest()}"


def add(*users, word=""):
    """Append a line for each; without `word` the account is erased. Once this returns, they survive a power cut."""
    file = Path(settings.DELETION_LIST)
    is_new = not file.exists()
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        # A newline before each line, too: if a crash has cut the last line short, it must not spoil the next one.
        os.write(handle, "".join(f"\n{f'{word} {mark(user)}'.strip()}\n" for user in users).encode())
        os.fsync(handle)
    finally:
        os.close(handle)
    if is_new:
        _sync(file.parent)  # without this a power cut may lose the new file's name, and its lines with it


def marks_of_erased():
    """Return the lines of erased accounts by the account's number: {7: {"7 0f3a…", …}}."""
    found = {}
    for line in _lines():
        number, _, fingerprint = line.partition(" ")
        if number.isdecimal() and len(fingerprint) == 64:
            found.setdefault(int(number), set()).add(line)
    return found


def marks_in_force(word):
    """Return the marks with this word, CLOSED or WITHDRAWN, if it has not been undone since."""
    last = {}
    for line in _lines():
        first, _, marked = line.partition(" ")
        if first in (word, UNDONE_BY[word]):
            last[marked] = first
    return {marked for marked, last_word in last.items() if last_word == word}


def _lines():
    file = Path(settings.DELETION_LIST)
    return file.read_text(errors="replace").splitlines() if file.exists() else []


def _sync(folder):
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
