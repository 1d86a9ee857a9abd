"""Usernames that a sign-up offers if the typed one is taken."""

import re

from django.utils.crypto import get_random_string

from accounts.folding import fold
from accounts.models import User
from accounts.skeletons import looks_like_staff

OFFERED = 2
DIGITS = "23456789"  # without those that look like letters


def offer(first_name, last_name):
    """Return two free usernames made of a name: ana.r47 and ana83.

    They always end in random digits, so they don't tell whether somebody has the username without them (T54). A name in
    another script than ours gives student47, and so does one that no username may look like (T42).
    """
    first, last = (re.sub(r"[^a-z0-9]", "", fold(name))[:20] for name in (first_name, last_name))
    stems = [f"{first}.{last[:1]}", first] if first and last else [first or last or "student"] * 2
    stems = ["student" if looks_like_staff(stem) else stem for stem in stems]
    # Where many have the short ones, such as ana47, the longer ones are still free.
    drawn = [f"{stem}{get_random_string(length, DIGITS)}" for length in (2, 2, 6) for stem in stems]
    taken = set(User.objects.filter(username__in=drawn).values_list("username", flat=True))
    return [username for username in dict.fromkeys(drawn) if username not in taken][:OFFERED]
