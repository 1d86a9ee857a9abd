"""What a Code looks like: drawing one, reading what a person typed, showing it. No Django here."""

import secrets
import unicodedata

from stdnum import luhn

# RFC 8628, section 6.1: no vowels, so no words; no digits, so nothing on a whiteboard is mistaken (K1).
ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
SHORTEST = 8  # random letters, without the check letter (K2)
LONGEST_TYPED = 32  # characters looked at before parsing (T68); a Code has nine to eleven
ODDS = 1_000_000  # a random guess hits a Code that was ever issued less often than once in so many (K2)

# Runs that read as an offence although no vowel is in them, also across the hyphens (K1).
OFFENSIVE = (
    "FCK", "FKN", "FGT", "KKK", "SHT", "NGR", "NGG", "CNT", "DCK", "CCK", "SLT", "WNK", "TWT", "PSS", "RPD",
    "BTCH", "HTLR", "PRN", "WTF", "XXX",
)  # fmt: skip

_LOOK_ALIKES = {"8": "B", "5": "S", "2": "Z", "6": "G", "1": "L", "I": "L"}
# Dots, also as a phone or another keyboard writes them, and what people set between the threes.
_SEPARATORS = ".·…。．・•‧․∙⋅●/\\|_,;:／＼｜＿，、；："
# Beside those that Unicode calls dashes: a minus, an emoji of it, a bullet, lines of tables, a Japanese long vowel.
_DASHES = "\N{MINUS SIGN}\N{HEAVY MINUS SIGN}\N{HYPHEN BULLET}─━~～ー"
_LABELS = ("class", "group", "code")  # "Class code: BDK-RTW-XZM"; each has a letter that no Code has
# Never str.upper() or NFKC: they turn ſ, ı and the Kelvin sign into letters (K3). So: ASCII and its full-width twins.
_FOLD = {
    ord(twin): _LOOK_ALIKES.get(plain.upper(), plain.upper())
    for plain in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    for twin in (plain, chr(ord(plain) + 0xFEE0))
}


class TypingError(ValueError):
    """What was typed cannot be a Code. Its text is a sentence for the person who typed it."""


def new(how_many_issued):
    """Draw a Code, where so many were ever issued. It may have been drawn before: the database knows (K4)."""
    while True:
        letters = "".join(secrets.choice(ALPHABET) for _ in range(length(how_many_issued)))
        code = letters + check_letter(letters)
        if not any(run in code for run in OFFENSIVE):
            return code


def length(how_many_issued):
    """The smallest number of random letters, never under 8, at which a guess hits one Code in a million tries (K2)."""
    letters = SHORTEST
    while how_many_issued * ODDS >= len(ALPHABET) ** letters:
        letters += 1
    return letters


def check_letter(letters):
    """Luhn mod 20: any one mistyped letter, and most swapped neighbours, no longer fit (K1)."""
    return luhn.calc_check_digit(letters, ALPHABET)


def read(typed):
    """Return the Code a person meant. Raises TypingError, without any look-up, for what cannot be one (K3).

    A Code is often pasted from a chat, a document or a mail, so what stands around it is dropped: characters that
    nobody sees, quotes, brackets, bullets, the stars of bold text, and a leading "Code:". Between its letters only
    spaces, dots, dashes and what else separates are: anything else there may be a letter that was misread.
    """
    if "/j/" in typed:
        raise TypingError(
            "This is a Join URL, not a Code. Open it in the browser, or ask your teacher for the Code."
        )
    if len(typed) > LONGEST_TYPED:
        raise TypingError("This is too long for a Code. Type only the letters of the Code.")
    seen = "".join(letter for letter in typed if not _is_invisible(letter))
    words = seen.split()
    try:
        return _read(seen)
    except TypingError:
        if len(words) > 1 and any(_is_code(word) for word in words):
            raise TypingError("Type the Code alone, without the words beside it.") from None
        raise


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
        letters = "letter" if len(code) == 1 else "letters"
        raise TypingError(f"That's {len(code)} {letters}. A Code has at least {SHORTEST + 1}.")
    if not luhn.is_valid(code, ALPHABET):
        if len(code) > SHORTEST + 1:
            raise TypingError(
                f"That's {len(code)} letters. Most Codes have {SHORTEST + 1}. Check them one by one."
            )
        raise TypingError("One letter is wrong. Check them one by one.")
    return code


def shown(code):
    """In threes, as it stands on the board: "BDK-RTW-XZM" (K1)."""
    return "-".join(code[start : start + 3] for start in range(0, len(code), 3))


def _without_label(typed):
    """What was typed, without what surrounds a Code and without the words that announce it."""
    bare = _bare(typed)
    for word in _LABELS:
        if bare[: len(word)].lower() == word:
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
    """Format characters (zero-width spaces, byte order and direction marks, soft hyphens), and what chooses a font."""
    return unicodedata.category(letter) == "Cf" or "\ufe00" <= letter <= "\ufe0f"


def _is_around(letter):
    """Space, punctuation, signs, and bullets of a font of signs; but no sign that has a letter in it: a circled B."""
    if letter.isspace() or unicodedata.category(letter) == "Co":  # "\uf0b7", as Word writes a bullet
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
