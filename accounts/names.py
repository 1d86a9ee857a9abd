"""Which names people and classes may have, and which usernames. This module imports no models."""

import itertools
import re
import unicodedata
from functools import cache

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.crypto import get_random_string
from publicsuffixlist import PublicSuffixList

from accounts.folding import fold

UNAMBIGUOUS = "abcdefghjkmnpqrstuvwxyz23456789"  # for random usernames: no letter looks like another
USERNAME_VALIDATORS = [
    # ASCII only: a Cyrillic "а" must not make a second "anna" (T43).
    RegexValidator(
        r"^[A-Za-z0-9][A-Za-z0-9._-]*\Z",
        "Use the letters a to z, digits, dots, hyphens and underscores, beginning with a letter or a digit.",
        code="username",
    ),
]
DRAWN_LETTERS = 10  # of a username that we draw
_DRAWN_USERNAME = re.compile(rf"teacher-[{UNAMBIGUOUS}]{{{DRAWN_LETTERS}}}")
LONGEST_TYPED_NAME = 400  # characters; in a name of 100 letters, accents may be separate characters (T95)

# Categories of invisible characters: control, format (zero-width, bidi), private use, unassigned, surrogates (T43).
_INVISIBLE_CATEGORIES = {"Cc", "Cf", "Co", "Cn", "Cs"}
# Letters and marks that are drawn as nothing.
_DRAWN_AS_NOTHING = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
BROKEN = "\N{REPLACEMENT CHARACTER}"  # stands for a byte that could not be read
# Marks on one letter: accents, vowels and tones of all scripts. A higher tower covers the line above.
_MOST_MARKS = 4

# The scripts in which a joiner changes how two letters meet. Each is the first word of its letters' Unicode names.
_JOINING_SCRIPTS = """
    ARABIC SYRIAC MONGOLIAN NKO MANDAIC MANICHAEAN PHAGS-PA ADLAM HANIFI DEVANAGARI BENGALI GURMUKHI GUJARATI ORIYA
    TAMIL TELUGU KANNADA MALAYALAM SINHALA KHMER MYANMAR TIBETAN BALINESE JAVANESE SUNDANESE CHAKMA MEETEI LIMBU
    LEPCHA TAI NEWA TIRHUTA SHARADA GRANTHA
"""
_SCRIPTS_WITH_JOINERS = frozenset(_JOINING_SCRIPTS.split())
_JOINERS = "\u200c\u200d"
_ZWJ = "\u200d"
_KEYCAP, _TAG_END = "\u20e3", "\U000e007f"
_EMOJI = (
    r"[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u27bf\u2934\u2935\u2b05-\u2b55"
    r"\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
# One emoji made of several characters: a family, a flag, a keycap. Each part begins with a character of its own kind,
# which keeps the pattern linear.
_COMPOSED_EMOJI = re.compile(
    rf"{_EMOJI}[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]?(?:[\U000e0020-\U000e007e]{{1,8}}{_TAG_END})?"
    rf"(?:{_ZWJ}{_EMOJI}[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]?)*"
    rf"|[0-9#*]\ufe0f?{_KEYCAP}"
)
# Variation selectors choose how the letter before them is drawn. They matter after a Chinese character (in a Japanese
# name they make another spelling), after a Mongolian letter and after an emoji. Elsewhere they are left out.
_VARIATION_SELECTORS = re.compile("[\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")

# What a mail program might turn into a link (T44).
_HOST_CANDIDATES = re.compile(r"[^\s,;:!?()<>\[\]{}\"'/\\|=&#+*_]{2,}")
_LINKING = "https?|ftp|mailto|tel|sms|file"
_SCHEMES = re.compile(rf"\b(?:{_LINKING}|data|javascript):", re.IGNORECASE)
# With two backslashes begins the name of a server in Windows.
_LINKED = re.compile(rf"://|@|\bwww\.|\b(?:{_LINKING}):\S|\\\\", re.IGNORECASE)
# These may stand before a dot without a space, although the name after it is a top-level domain: "Dr.No", "Md.Li".
_TITLES = "mr mrs ms mx dr prof st sr fr jr hr"
_SHORT_NAMES = "md mohd muhd moh mt ma abd sk kr ph"
_ABBREVIATIONS = frozenset(f"{_TITLES} {_SHORT_NAMES}".split())
# These may follow a shortened subject and a dot: schools' names for courses and clubs, in capitals, as in "Bio.LK".
_COURSES = {"AG", "IT", "LK", "PE"}
_LONGEST_SUBJECT = 5  # letters of a shortened subject: "Mathe"
_PRODUCT_NAMES = {"ASP.NET", "ADO.NET", "ML.NET", "VB.NET", "Socket.IO"}
_BETWEEN_LETTERS = re.compile(r"(?<=\w)[/:](?=\w)")


def clean_name(value):
    """Return the name of a class in NFC with single spaces, otherwise as it was typed (A7).

    Raises ValidationError, with a sentence for the person, if a name can't contain this (T43, T44). The length is
    checked before anything else (T95).
    """
    return _clean(value, of_a_class=True)


def draw_username():
    """Draw a username for a teacher who signs up: it reveals nothing, and two never collide (T54)."""
    return f"teacher-{get_random_string(DRAWN_LETTERS, UNAMBIGUOUS)}"


def looks_drawn(username):
    return _DRAWN_USERNAME.fullmatch(username) is not None


def drop_invisible(text):
    """Return the text without what a chat or a document has put into it unseen: zero-width and direction marks."""
    return "".join(letter for letter in text if unicodedata.category(letter) != "Cf").strip()


def has_space(username):
    return len(username.split()) > 1


def clean_person_name(value):
    """Like clean_name(), without emoji of several parts. "/" and ":" may only stand between letters: "a/l Kumar"."""
    name = _clean(value, of_a_class=False)
    rest = _BETWEEN_LETTERS.sub("", name)
    if _SCHEMES.search(name) or "\\" in name:
        raise ValidationError(
            "A name can't have a web or email address in it. Type only the name.", code="address"
        )
    if "/" in rest or ":" in rest:
        if "<" in name or ">" in name:
            raise ValidationError("Leave out <, > and /. Type only the name.", code="slash")
        raise ValidationError("In a name, a slash or a colon stands between two letters: a/l.", code="slash")
    return name


def without_accents(username):
    """ "Lucía.R" -> "lucia.r"; an empty string if it has no accents, or letters that no Latin ones stand for."""
    words = re.sub(r"[^\W_]+", lambda word: fold(word[0]), unicodedata.normalize("NFC", username))
    return re.sub("[^a-z0-9._-]", "", words) if words.isascii() and not username.isascii() else ""


def reads_like_address(username):
    """Whether a mail program might turn this username into a link."""
    return username.startswith("www.") or bool(_host_in(username, of_a_class=False))


def initial(name):
    """Return the first letter of the main word of a name, with its accents; empty if there's no letter.

    Words with a slash are skipped ("s/o Ali" gives "A"), and so are words in small letters if another word has a
    capital ("de la Cruz" gives "C"). Signs and emoji are ignored. A digit counts as a letter.
    """
    words = [word for word in (_from_first_letter(word) for word in name.split()) if word]
    counting = [word for word in words if not re.match(r"\w/\w", word)] or words
    word = next((word for word in counting if not word[0].islower()), counting[0] if counting else "")
    accents = itertools.takewhile(lambda letter: unicodedata.combining(letter) >= 200, word[1:])
    return word[:1].title() + "".join(accents)


def clean_text(value):
    """Return a text of several lines in NFC, without blanks at the ends of lines, otherwise as it was typed.

    Raises ValidationError for the invisible characters that a name can't contain either (T43). The caller has checked
    the length (T95).
    """
    lines = [line.expandtabs(4).rstrip() for line in value.splitlines()]
    for number, line in enumerate(lines, 1):
        if _has_too_many_marks(line):  # before it's composed, which is slow if there are many marks
            raise ValidationError(
                f"In line {number} there are too many marks on one letter. Leave some of them out.",
                code="marks",
            )
        lines[number - 1] = line = _without_idle_variation_selectors(
            unicodedata.normalize("NFC", line), of_a_class=True
        )
        if hidden := _invisible_character(_COMPOSED_EMOJI.sub(_without_format_characters, line)):
            raise ValidationError(
                f"There is an invisible character (U+{ord(hidden):04X}) in line {number}. Delete that line and type it "
                "by hand, without pasting.",
                code="unseen",
            )
    return "\n".join(lines).strip()


def _from_first_letter(word):
    return "".join(itertools.dropwhile(lambda letter: not letter.isalnum(), word))


def _clean(value, of_a_class):
    if len(value) > LONGEST_TYPED_NAME:
        raise ValidationError("This is too long. Type only the name.", code="long")
    name = " ".join(value.split())
    if _has_too_many_marks(name):  # before it's composed, which is slow if there are many marks
        raise ValidationError("There are too many marks on one letter. Leave some of them out.", code="marks")
    name = _without_idle_variation_selectors(unicodedata.normalize("NFC", name), of_a_class)
    folded = unicodedata.normalize("NFKC", name)
    if hidden := _invisible_character(
        _COMPOSED_EMOJI.sub(_without_format_characters, name) if of_a_class else name
    ):
        raise ValidationError(
            f"There is an invisible character (U+{ord(hidden):04X}) in it. Delete everything and type it by hand, "
            "without pasting.",
            code="unseen",
        )
    if _has_too_many_marks(folded):
        raise ValidationError("There are too many marks on one letter. Leave some of them out.", code="marks")
    if _LINKED.search(folded):
        raise ValidationError(
            "A name can't have a web or email address in it. Type only the name.", code="address"
        )
    if host := _host_in(folded.replace("。", "."), of_a_class=of_a_class):
        raise ValidationError(
            f"“{host}” reads like a web address. Put a space after the dot, or leave the dot out.",
            code="address",
        )
    if name and not any(letter.isalnum() for letter in folded):
        raise ValidationError("Use at least one letter or digit.", code="no_letter")
    return name


def _without_idle_variation_selectors(name, of_a_class):
    """Remove variation selectors where they change nothing."""

    def kept(found):
        before = name[found.start() - 1 : found.start()]
        sign = found[0]
        if sign >= "\U000e0100":
            return sign if _script(before) == "CJK" else ""
        if sign < "\ufe00":
            return sign if _script(before) == "MONGOLIAN" else ""
        emoji = re.match(_EMOJI, before) or name[found.end() : found.end() + 1] == _KEYCAP
        return sign if of_a_class and sign >= "\ufe0e" and emoji else ""

    return _VARIATION_SELECTORS.sub(kept, name)


def _without_format_characters(emoji):
    return "".join(sign for sign in emoji[0] if unicodedata.category(sign) != "Cf")


def _invisible_character(name):
    """Return the first invisible character, or None. A joiner is allowed where it changes how two letters meet."""
    for place, letter in enumerate(name):
        is_invisible = unicodedata.category(letter) in _INVISIBLE_CATEGORIES
        if is_invisible and not _is_allowed_joiner(name, place):
            return letter
        if letter in _DRAWN_AS_NOTHING + BROKEN:
            return letter
    return None


def _is_allowed_joiner(name, place):
    """Whether `place` has a joiner between two letters of the same script, one of _SCRIPTS_WITH_JOINERS.

    After the sign that removes a letter's vowel, a joiner may also end the word: half letters were written like this
    in Malayalam before Unicode had characters for them.
    """
    if name[place] not in _JOINERS or place == 0:
        return False
    before, after = name[place - 1], name[place + 1 : place + 2]
    if _script(before) not in _SCRIPTS_WITH_JOINERS:
        return False
    ends_word = not after or not (after.isalnum() or unicodedata.category(after)[0] in "MC")
    return _script(after) == _script(before) or (ends_word and unicodedata.combining(before) == 9)


@cache
def _script(letter):
    """Return the script of a letter or mark, the first word of its Unicode name; empty for anything else."""
    if not letter or unicodedata.category(letter)[0] not in "LM":
        return ""
    return unicodedata.name(letter, "").split(" ")[0]


def _has_too_many_marks(name):
    marks = "".join("M" if unicodedata.category(letter)[0] == "M" else " " for letter in name)
    return "M" * (_MOST_MARKS + 1) in marks


def _host_in(text, of_a_class):
    """Return the first host name in `text` that a mail program would turn into a link, or an empty string."""
    for found in _HOST_CANDIDATES.findall(text):
        is_name = True  # as long as all labels so far are initials and titles
        for before, label in itertools.pairwise(found.split(".")):
            # Mail programs link "homeroom.de" in "homeroom.de-now", so only the part before the hyphen counts. The
            # article in "Md.Al-Amin" is no such part.
            whole = label.lower().startswith(("al-", "xn--"))
            ending = label if whole else label.partition("-")[0]
            if (
                before
                and ending
                and _is_top_level_domain(ending)
                and not (is_name and _is_abbreviation(before, ending, of_a_class))
            ):
                return f"{before}.{ending}"
            is_name = is_name and (len(before) == 1 or before.casefold() in _ABBREVIATIONS)
    return ""


def _is_abbreviation(before, ending, of_a_class):
    if of_a_class and f"{before}.{ending}" in _PRODUCT_NAMES:
        return True
    if of_a_class and ending in _COURSES:
        return before.istitle() and len(before) <= _LONGEST_SUBJECT  # "Bio.LK", not "EVIL.IT"
    return (
        ending.istitle() and before[0].isupper() and (len(before) == 1 or before.casefold() in _ABBREVIATIONS)
    )


@cache
def _public_suffixes():
    return PublicSuffixList(only_icann=True)


def _is_top_level_domain(label):
    """Whether this is a top-level domain. Some are listed as "*.bd" only, so we ask about a name below it."""
    return _public_suffixes().publicsuffix(f"a.{label.lower()}", accept_unknown=False) is not None
