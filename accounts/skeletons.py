"""What a name looks like, whatever its letters are: skeletons after Unicode's UTS 39, for comparing two names (T43)."""

import re
import unicodedata
from functools import cache

from confusable_homoglyphs.confusables import confusables_data

_TITLES = re.compile(
    r"^(mr|mrs|ms|miss|mx|dr|prof|sir|madam|teacher|herr|frau|monsieur|madame)\b\.?\s*", re.IGNORECASE
)


def skeletons(name):
    """Two names look alike where these sets meet.

    Two of them, for capital I looks like l and small i does not. Accents, spaces and signs are left out, beyond UTS 39:
    a teacher who reads a list overlooks them.
    """
    return {_drawn(name), _drawn(name.casefold())} - {""}


def without_title(name):
    """ "Mr Lind" -> "Lind"; without a title, an empty text."""
    found = _TITLES.sub("", name)
    return found if found != name else ""


def _drawn(text):
    drawn = "".join(map(_prototype, unicodedata.normalize("NFKD", text))).casefold()
    return "".join(letter for letter in unicodedata.normalize("NFD", drawn) if letter.isalnum())


@cache
def _prototype(letter):
    """The letter that stands for all that look like this one. The package's table leads both ways, each to each."""
    alike = [other["c"] for other in confusables_data.get(letter, ())]
    if len(alike) != 1:
        return letter  # it is the prototype, or looks like nothing else
    only = alike[0]
    return only if len(confusables_data.get(only, ())) > 1 else min(letter, only)
