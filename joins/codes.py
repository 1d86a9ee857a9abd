"""What a Code looks like: drawing a new one, reading what a person typed, and showing it. No Django here."""

import secrets
import unicodedata
from itertools import combinations

from stdnum import luhn

# From RFC 8628, section 6.1: no vowels, so no words; no digits, so that nobody mistakes one for a letter (K1).
ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
SHORTEST = 8  # random letters, without the check letter (K2)
# Characters; anything longer is refused without being parsed (T68). A Code has nine to eleven.
LONGEST_TYPED = 32
ODDS = 1_000_000  # fewer than one in so many random guesses hits any Code ever issued (K2)

# Runs of letters that are offensive even without vowels. They are avoided across the hyphens too (K1).
OFFENSIVE = (
    "FCK", "FKN", "FGT", "KKK", "SHT", "NGR", "NGG", "CNT", "DCK", "CCK", "SLT", "WNK", "TWT", "PSS", "RPD",
    "BTCH", "HTLR", "PRN", "WTF", "XXX",
)  # fmt: skip

_LOOK_ALIKES = {"8": "B", "5": "S", "2": "Z", "6": "G", "1": "L", "I": "L"}
# Dots in the forms that phones and other keyboards write, and other signs that people put between groups of letters.
_SEPARATORS = ".·…。．・•‧․∙⋅●/\\|_,;:／＼｜＿，、；："
# In addition to Unicode's dashes: a minus, its emoji, a bullet, lines of tables, a tilde, the Japanese long vowel mark.
_DASHES = "\N{MINUS SIGN}\N{HEAVY MINUS SIGN}\N{HYPHEN BULLET}─━~～ー"
_LABELS = ("CLASS", "GROUP", "CODE")  # "Class code: BDK-RTW-XZM"; each has a letter that no Code has
_BEFORE_CODE = "/join/#"  # in the address of a printed QR code, which some apps only show
_ADDRESS = "This is a web address, not a Code. Type the letters of the Code."
# Maps ASCII letters and digits, and their full-width forms. Never use str.upper() or NFKC for this: they turn ſ, ı and
# the Kelvin sign into letters (K3).
_FOLD = {
    ord(twin): _LOOK_ALIKES.get(plain.upper(), plain.upper())
    for plain in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    for twin in (plain, chr(ord(plain) + 0xFEE0))
}


class TypingError(ValueError):
    """What somebody typed can't be a Code. The text is a sentence for that person."""


def draw(how_many_issued):
    """Draw a random Code. The caller checks in the database whether it was issued before (K4)."""
    while True:
        letters = "".join(secrets.choice(ALPHABET) for _ in range(length(how_many_issued)))
        code = letters + check_letter(letters)
        if not any(run in code for run in OFFENSIVE):
            return code


def length(how_many_issued):
    """Return how many random letters a new Code needs, so that guesses hit rarely enough; at least SHORTEST (K2)."""
    letters = SHORTEST
    while how_many_issued * ODDS >= len(ALPHABET) ** letters:
        letters += 1
    return letters


def check_letter(letters):
    """Return the check letter (Luhn mod 20). It reveals any one mistyped letter, and most swapped neighbours (K1)."""
    return luhn.calc_check_digit(letters, ALPHABET)


def read(typed):
    """Return the Code that a person meant. Raises TypingError, without any look-up, if it can't be one (K3).

    People often paste a Code from a chat, a document or a mail. So whatever surrounds it is dropped: invisible
    characters, quotes, brackets, bullets, the asterisks of bold text, and a leading "Code:". Between its letters, only
    spaces, dots, dashes and other separators are dropped. Anything else there may be a letter that was misread.
    """
    if "/j/" in typed:
        raise TypingError(
            "This is a Join URL, not a Code. Open it in the browser, or ask your teacher for the Code."
        )
    typed = typed.rpartition(_BEFORE_CODE)[2]
    if len(typed) > LONGEST_TYPED:
        if _is_address(typed):
            raise TypingError(_ADDRESS)
        raise TypingError("This is too long for a Code. Type only the letters of the Code.")
    seen = "".join(letter for letter in typed if not _is_invisible(letter))
    try:
        return _read(seen)
    except TypingError:
        if _has_code_among_words(seen.split()):
            raise TypingError("Type the Code alone, without the words beside it.") from None
        if _is_address(seen):
            raise TypingError(_ADDRESS) from None
        raise


def _is_address(typed):
    """Return whether it is an address without a Code, such as the one that stands beside the Code on the board."""
    return "://" in typed or typed.rstrip("/").lower().endswith("/join")


def _has_code_among_words(words):
    """Return whether some of the words, one behind the other, are a Code: "it is BDK RTW XZM"."""
    runs = combinations(range(len(words) + 1), 2)
    return any(_is_code("".join(words[first:end])) for first, end in runs)


def _is_code(word):
    try:
        return bool(_read(word))
    except TypingError:
        return False


def _read(seen):
    code = "".join(letter for letter in _without_label(seen) if not _is_separator(letter)).translate(_FOLD)
    if strangers := [letter for letter in dict.fromkeys(code) if letter not in ALPHABET]:
        raise TypingError(_no_such(strangers))
    if not code:
        raise TypingError("Type the letters of the Code.")
    if len(code) <= SHORTEST:
        if len(code) == 1:
            raise TypingError(f"That's 1 letter. A Code has at least {SHORTEST + 1}.")
        raise TypingError(f"That's {len(code)} letters. A Code has at least {SHORTEST + 1}.")
    half = code[: len(code) // 2]
    # Pasted twice. No Code is as long as two of them.
    if len(half) > SHORTEST and code == half * 2 and luhn.is_valid(half, ALPHABET):
        return half
    if not luhn.is_valid(code, ALPHABET):
        if len(code) > SHORTEST + 1:
            raise TypingError(
                f"That's {len(code)} letters. Most Codes have {SHORTEST + 1}. Check them one by one."
            )
        raise TypingError("That's not quite the Code. Check each letter, and their order.")
    return code


def in_threes(code):
    """Return the Code in groups of three letters, as it is shown everywhere: "BDK-RTW-XZM" (K1)."""
    return "-".join(code[start : start + 3] for start in range(0, len(code), 3))


def _without_label(typed):
    """Strip what surrounds a Code, and the words in front of it such as "Class code:"."""
    bare = _bare(typed)
    for word in _LABELS:
        if bare[: len(word)].translate(_FOLD) == word:
            bare = _bare(bare[len(word) :])
    return bare


def _bare(typed):
    first, last = 0, len(typed)
    while first < last and _is_around(typed[first]):
        first += 1
    while first < last and _is_around(typed[last - 1]):
        last -= 1
    return typed[first:last]


def _is_invisible(letter):
    """Return whether it is a format character, such as a zero-width space or soft hyphen, or a variation selector."""
    return unicodedata.category(letter) == "Cf" or "\ufe00" <= letter <= "\ufe0f"


def _is_around(letter):
    """Return whether it is a space, a punctuation mark or a symbol, but not a symbol with a letter in it, such as Ⓑ."""
    # Private use, such as "\uf0b7", the bullet that Word writes.
    if letter.isspace() or unicodedata.category(letter) == "Co":
        return True
    is_sign = unicodedata.category(letter)[0] in "PS"
    return is_sign and not any(part.isalnum() for part in unicodedata.normalize("NFKD", letter))


def _is_separator(letter):
    return letter.isspace() or letter in _SEPARATORS + _DASHES or unicodedata.category(letter) == "Pd"


def _no_such(strangers):
    if any(_is_of_another_script(letter) for letter in strangers):
        return (
            "These letters are from another keyboard. Switch it to English letters and type the Code again."
        )
    if not all(letter.isprintable() and letter.isascii() for letter in strangers):
        return "A Code has only the letters on the board: no accents and no signs. Type it again by hand."
    letters = " and no ".join(strangers[:3])
    return f"There's no {letters} in a Code. Check again."


def _is_of_another_script(letter):
    return letter.isalpha() and not unicodedata.name(letter, "").startswith(("LATIN", "FULLWIDTH LATIN"))
