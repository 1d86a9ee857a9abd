"""What a Code looks like: drawing one, reading what a person typed, showing it. No Django here."""

import secrets
import unicodedata

from stdnum import luhn

# RFC 8628, section 6.1: no vowels, so no words; no digits, so nothing on a whiteboard is mistaken (K1).
ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
SHORTEST = 8  # random letters, without the check letter (K2)
LONGEST_TYPED = 32  # characters looked at before parsing (T68); a Code has nine to eleven
ODDS = 1_000_000  # a random guess hits a current Code less often than once in so many (K2)

# Runs that read as an offence although no vowel is in them, also across the hyphens (K1).
OFFENSIVE = (
    "FCK", "FKN", "FGT", "KKK", "SHT", "NGR", "NGG", "CNT", "DCK", "CCK", "SLT", "WNK", "TWT", "PSS", "RPD",
    "BTCH", "HTLR", "PRN", "WTF", "XXX",
)  # fmt: skip

_LOOK_ALIKES = {"8": "B", "5": "S", "2": "Z", "6": "G", "1": "L", "I": "L"}
_DOTS = ".·…。．・"  # also what a phone or another keyboard writes for a full stop
# Never str.upper() or NFKC: they turn ſ, ı and the Kelvin sign into letters (K3). So: ASCII and its full-width twins.
_FOLD = {
    ord(twin): _LOOK_ALIKES.get(plain.upper(), plain.upper())
    for plain in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    for twin in (plain, chr(ord(plain) + 0xFEE0))
}


class TypingError(ValueError):
    """What was typed cannot be a Code. Its text is a sentence for the person who typed it."""


def new(how_many_current):
    """Draw a Code for a world with so many current ones. It may have been drawn before: the database knows (K4)."""
    while True:
        letters = "".join(secrets.choice(ALPHABET) for _ in range(length(how_many_current)))
        code = letters + check_letter(letters)
        if not any(run in code for run in OFFENSIVE):
            return code


def length(how_many_current):
    """The smallest number of random letters, never under 8, at which a guess hits one Code in a million tries (K2)."""
    letters = SHORTEST
    while how_many_current * ODDS >= len(ALPHABET) ** letters:
        letters += 1
    return letters


def check_letter(letters):
    """Luhn mod 20: any one mistyped letter, and most swapped neighbours, no longer fit (K1)."""
    return luhn.calc_check_digit(letters, ALPHABET)


def read(typed):
    """Return the Code a person meant. Raises TypingError, without any look-up, for what cannot be one (K3)."""
    if "/j/" in typed:
        raise TypingError(
            "This is a Join URL, not a Code. Open it in the browser, or ask your teacher for the Code."
        )
    if len(typed) > LONGEST_TYPED:
        raise TypingError("This is too long for a Code. Type only the letters of the Code.")
    code = "".join(letter for letter in typed if not _is_separator(letter)).translate(_FOLD)
    if strangers := [letter for letter in dict.fromkeys(code) if letter not in ALPHABET]:
        raise TypingError(_no_such(strangers))
    if len(code) <= SHORTEST:
        raise TypingError(f"A Code has at least {SHORTEST + 1} letters; here are {len(code)}. Look again.")
    if not luhn.is_valid(code, ALPHABET):
        raise TypingError("One letter is not as it was given to you. Look again, letter by letter.")
    return code


def shown(code):
    """In threes, as it stands on the board: "BDK-RTW-XZM" (K1)."""
    return "-".join(code[start : start + 3] for start in range(0, len(code), 3))


def _is_separator(letter):
    return (
        letter.isspace()
        or letter in _DOTS
        or unicodedata.category(letter) == "Pd"
        or letter == "\N{MINUS SIGN}"
    )


def _no_such(strangers):
    if not all(letter.isprintable() and letter.isascii() for letter in strangers):
        return "Codes have only the letters of the board: no accents, no signs. Type it again by hand."
    return f"Codes have no {' and no '.join(strangers[:3])}. Look again."
