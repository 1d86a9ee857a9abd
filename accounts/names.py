"""What a person, a class and a username may be called. No Django models here."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

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
_ADDRESS = re.compile(r"://|www\.|\w\.(com|net|org|info|io|ru|cn|link|xyz)\b|@\w", re.IGNORECASE)


def clean_name(value):
    """Return `value` in NFKC with single spaces. Raises ValidationError for what a name cannot hold (T43, T44)."""
    name = " ".join(unicodedata.normalize("NFKC", value).split())
    if any(unicodedata.category(letter) in _UNSEEN or letter in _BLANK + BROKEN for letter in name):
        raise ValidationError("This has an invisible character in it. Type it again by hand.", code="unseen")
    if _ADDRESS.search(name):
        raise ValidationError("A web or e-mail address does not belong here.", code="address")
    if name and not any(letter.isalnum() for letter in name):
        raise ValidationError("Use at least one letter or digit.", code="no_letter")
    return name
