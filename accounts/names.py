"""What a person, a class and a username may be called. No Django models here."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

UNAMBIGUOUS = "abcdefghjkmnpqrstuvwxyz23456789"  # for usernames that are drawn: no letter looks like another
USERNAME_VALIDATORS = [
    # ASCII only: a Cyrillic "а" must not make a second "anna" (T43).
    RegexValidator(
        r"^[A-Za-z0-9][A-Za-z0-9._-]*\Z",
        "Use the letters a to z, digits, dots, hyphens and underscores, beginning with a letter or a digit.",
        code="username",
    ),
]

# Control, format (zero-width, bidi overrides), private use, unassigned, surrogates (T43).
_UNSEEN = {"Cc", "Cf", "Co", "Cn", "Cs"}
_BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u2800"  # letters and marks of which nothing is seen, after NFKC
BROKEN = "\N{REPLACEMENT CHARACTER}"  # stands for a byte that could not be read
# Choose how the letter or emoji before them is drawn; nothing is lost without them.
_VARIANTS = re.compile("[\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_ADDRESS = re.compile(r"://|\bwww\.|\w{2,}\.[^\W\d_]{2,}|@\w", re.IGNORECASE)
_TITLES = re.compile(r"\b(Mr|Mrs|Ms|Mx|Dr|Prof|St|Sr|Fr)\.", re.IGNORECASE)  # "Mr.Brandt" is no address
# On one letter: accents, vowels, tones of all scripts; a tower of them covers what stands above.
_MOST_MARKS = 4
_OF_ADDRESSES = re.compile(r"[/\\:]")  # in no person's name, but in "Maths 7/8"


def clean_name(value):
    """Return `value` in NFKC with single spaces. Raises ValidationError for what a name cannot hold (T43, T44)."""
    name = " ".join(unicodedata.normalize("NFKC", _VARIANTS.sub("", value)).replace("。", ".").split())
    if any(unicodedata.category(letter) in _UNSEEN or letter in _BLANK + BROKEN for letter in name):
        raise ValidationError("This has an invisible character in it. Type it again by hand.", code="unseen")
    if _is_towering(name):
        raise ValidationError("There are too many marks on one letter. Type it again by hand.", code="marks")
    if _ADDRESS.search(_TITLES.sub("", name)):
        raise ValidationError("A web or e-mail address does not belong here.", code="address")
    if name and not any(letter.isalnum() for letter in name):
        raise ValidationError("Use at least one letter or digit.", code="no_letter")
    return name


def _is_towering(name):
    marks = "".join("M" if unicodedata.category(letter)[0] == "M" else " " for letter in name)
    return "M" * (_MOST_MARKS + 1) in marks


def clean_person_name(value):
    """As clean_name(); what is mailed to others with a person's name must not read as an address (T44)."""
    name = clean_name(value)
    if _OF_ADDRESSES.search(name):
        raise ValidationError("A name has no slash and no colon.", code="address")
    return name
