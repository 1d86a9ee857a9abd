"""What a person, a class and a username may be called. No Django models here."""

import itertools
import re
import unicodedata
from functools import cache

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from publicsuffixlist import PublicSuffixList

UNAMBIGUOUS = "abcdefghjkmnpqrstuvwxyz23456789"  # for usernames that are drawn: no letter looks like another
USERNAME_VALIDATORS = [
    # ASCII only: a Cyrillic "а" must not make a second "anna" (T43).
    RegexValidator(
        r"^[A-Za-z0-9][A-Za-z0-9._-]*\Z",
        "Use the letters a to z, digits, dots, hyphens and underscores, beginning with a letter or a digit.",
        code="username",
    ),
]
LONGEST_TYPED = 400  # characters looked at; a name of 100 letters may be typed with its accents apart (T95)

# Control, format (zero-width, bidi overrides), private use, unassigned, surrogates (T43).
_UNSEEN = {"Cc", "Cf", "Co", "Cn", "Cs"}
# Letters and marks of which nothing is seen.
_BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
BROKEN = "\N{REPLACEMENT CHARACTER}"  # stands for a byte that could not be read
# On one letter: accents, vowels, tones of all scripts; a tower of them covers what stands above.
_MOST_MARKS = 4

# The scripts in which a joiner says how two letters meet, by the first word of their letters' names in Unicode.
_JOINING_SCRIPTS = """
    ARABIC SYRIAC MONGOLIAN NKO MANDAIC MANICHAEAN PHAGS-PA ADLAM HANIFI DEVANAGARI BENGALI GURMUKHI GUJARATI ORIYA
    TAMIL TELUGU KANNADA MALAYALAM SINHALA KHMER MYANMAR TIBETAN BALINESE JAVANESE SUNDANESE CHAKMA MEETEI LIMBU
    LEPCHA TAI NEWA TIRHUTA SHARADA GRANTHA
"""
_JOINING = frozenset(_JOINING_SCRIPTS.split())
_JOINERS = "\u200c\u200d"
_ZWJ = "\u200d"
_KEYCAP, _TAG_END = "\u20e3", "\U000e007f"
_EMOJI = (
    r"[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u27bf\u2934\u2935\u2b05-\u2b55"
    r"\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
# One emoji drawn from several parts: a family, a flag, a keycap. Each kind of part begins with a sign of its own.
_OF_PARTS = re.compile(
    rf"{_EMOJI}[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]?(?:[\U000e0020-\U000e007e]{{1,8}}{_TAG_END})?"
    rf"(?:{_ZWJ}{_EMOJI}[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]?)*"
    rf"|[0-9#*]\ufe0f?{_KEYCAP}"
)
# Choose how the letter before them is drawn: of a Chinese character, which is another spelling of a Japanese name, and
# of a Mongolian letter. Elsewhere nothing is lost without them.
_VARIANTS = re.compile("[\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")

# What a mail program makes a link of (T44).
_HOSTS = re.compile(r"[^\s,;:!?()<>\[\]{}\"'/\\|=&#+*_]{2,}")
_SCHEMES = re.compile(r"\b(?:https?|ftp|mailto|tel|sms|file|data|javascript):", re.IGNORECASE)
# Before a dot without a blank, however the name behind it is spelt: "Dr.No", "Md.Li".
_TITLES = "mr mrs ms mx dr prof st sr fr jr hr"
_SHORT_NAMES = "md mohd muhd moh mt ma abd sk kr ph"
_SHORTENED = frozenset(f"{_TITLES} {_SHORT_NAMES}".split())
# Behind the dot of a subject: what schools call courses and clubs, in capitals.
_COURSES = {"AG", "IT", "LK", "PE"}
_LONGEST_SUBJECT = 5  # letters, shortened: "Mathe"
_TAUGHT = {"ASP.NET", "ADO.NET", "ML.NET", "VB.NET", "Socket.IO"}
_BETWEEN_LETTERS = re.compile(r"(?<=\w)[/:](?=\w)")


def clean_name(value):
    """Return `value` in NFC with single spaces, else as it was typed (A7).

    Raises ValidationError, with a sentence, for what a name cannot hold (T43, T44). The length comes first (T95).
    """
    return _clean(value, of_a_class=True)


def clean_person_name(value):
    """As clean_name(), without emoji of several parts; a slash or colon stands between letters: "a/l Kumar"."""
    name = _clean(value, of_a_class=False)
    rest = _BETWEEN_LETTERS.sub("", name)
    if _SCHEMES.search(name) or "\\" in name:
        raise ValidationError(
            "A web or e-mail address does not belong here. Type only the name.", code="address"
        )
    if "/" in rest or ":" in rest:
        if "<" in name or ">" in name:
            raise ValidationError("Leave out <, > and /. Type only the name.", code="slash")
        raise ValidationError("In a name, a slash or a colon stands between two letters: a/l.", code="slash")
    return name


def initial(name):
    """The first letter of a name, with its accents: of the word that counts, without what only leads to it.

    That is a word with a slash ("s/o Ali"), or one that begins with a small letter where another one doesn't ("de la
    Cruz"). Signs and emoji are passed over. Empty where there is no letter.
    """
    words = [word for word in (_from_first_letter(word) for word in name.split()) if word]
    counting = [word for word in words if not re.match(r"\w/\w", word)] or words
    word = next((word for word in counting if not word[0].islower()), counting[0] if counting else "")
    accents = itertools.takewhile(lambda letter: unicodedata.combining(letter) >= 200, word[1:])
    return word[:1].title() + "".join(accents)


def _from_first_letter(word):
    return "".join(itertools.dropwhile(lambda letter: not letter.isalnum(), word))


def _clean(value, of_a_class):
    if len(value) > LONGEST_TYPED:
        raise ValidationError("This is too long. Type only the name.", code="long")
    name = " ".join(value.split())
    if _is_towering(name):  # before it is composed, which takes long where marks are many
        raise ValidationError("There are too many marks on one letter. Leave some of them out.", code="marks")
    name = _without_idle_signs(unicodedata.normalize("NFC", name), of_a_class)
    folded = unicodedata.normalize("NFKC", name)
    if hidden := _hidden_letter(_OF_PARTS.sub(_seen, name) if of_a_class else name):
        raise ValidationError(
            f"There is an invisible character (U+{ord(hidden):04X}) in it. Delete everything and type it by hand, "
            "without pasting.",
            code="unseen",
        )
    if _is_towering(folded):
        raise ValidationError("There are too many marks on one letter. Leave some of them out.", code="marks")
    if "://" in folded or "@" in folded or re.search(r"\bwww\.", folded, re.IGNORECASE):
        raise ValidationError(
            "A web or e-mail address does not belong here. Type only the name.", code="address"
        )
    if host := _host_in(folded.replace("。", "."), of_a_class=of_a_class):
        raise ValidationError(
            f"“{host}” reads like a web address. Put a blank behind the dot, or leave the dot out.",
            code="address",
        )
    if name and not any(letter.isalnum() for letter in folded):
        raise ValidationError("Use at least one letter or digit.", code="no_letter")
    return name


def _without_idle_signs(name, of_a_class):
    """Leave out signs that choose how something is drawn where there is nothing to choose."""

    def kept(found):
        before = name[found.start() - 1 : found.start()]
        sign = found[0]
        if sign >= "\U000e0100":
            return sign if _script(before) == "CJK" else ""
        if sign < "\ufe00":
            return sign if _script(before) == "MONGOLIAN" else ""
        emoji = re.match(_EMOJI, before) or name[found.end() : found.end() + 1] == _KEYCAP
        return sign if of_a_class and sign >= "\ufe0e" and emoji else ""

    return _VARIANTS.sub(kept, name)


def _seen(emoji):
    return "".join(sign for sign in emoji[0] if unicodedata.category(sign) != "Cf")


def _hidden_letter(name):
    """The first letter that nobody sees, or None. Joiners may stand where they say how two letters meet."""
    for place, letter in enumerate(name):
        if letter in _BLANK + BROKEN or (unicodedata.category(letter) in _UNSEEN and not _joins(name, place)):
            return letter
    return None


def _joins(name, place):
    """Say whether the joiner here stands between two letters of one script that joins.

    Behind the sign that takes a letter's vowel away it may end the word too: so half letters were written in Malayalam
    before they had a place of their own in Unicode.
    """
    if name[place] not in _JOINERS or place == 0:
        return False
    before, after = name[place - 1], name[place + 1 : place + 2]
    if _script(before) not in _JOINING:
        return False
    ends_word = not after or not (after.isalnum() or unicodedata.category(after)[0] in "MC")
    return _script(after) == _script(before) or (ends_word and unicodedata.combining(before) == 9)


@cache
def _script(letter):
    """The script of a letter or mark, as Unicode's name of it begins; empty for signs and for nothing."""
    if not letter or unicodedata.category(letter)[0] not in "LM":
        return ""
    return unicodedata.name(letter, "").split(" ")[0]


def _is_towering(name):
    marks = "".join("M" if unicodedata.category(letter)[0] == "M" else " " for letter in name)
    return "M" * (_MOST_MARKS + 1) in marks


def _host_in(text, of_a_class):
    """The first host name in `text` that a mail program would make a link of, or an empty text."""
    for found in _HOSTS.findall(text):
        is_name = True  # so far: what stands before is nothing but initials and titles
        for before, label in itertools.pairwise(found.split(".")):
            # "homeroom.de-now" is read as an address too; "Md.Al-Amin" has an article.
            whole = label.lower().startswith(("al-", "xn--"))
            ending = label if whole else label.partition("-")[0]
            if (
                before
                and ending
                and _is_top(ending)
                and not (is_name and _is_no_address(before, ending, of_a_class))
            ):
                return f"{before}.{ending}"
            is_name = is_name and (len(before) == 1 or before.casefold() in _SHORTENED)
    return ""


def _is_no_address(before, ending, of_a_class):
    if of_a_class and f"{before}.{ending}" in _TAUGHT:
        return True
    if of_a_class and ending in _COURSES:
        return before.istitle() and len(before) <= _LONGEST_SUBJECT  # "Bio.LK", not "EVIL.IT"
    return ending.istitle() and before[0].isupper() and (len(before) == 1 or before.casefold() in _SHORTENED)


@cache
def _public_suffixes():
    return PublicSuffixList(only_icann=True)


def _is_top(label):
    """Say whether the world's list of top-level domains has it. Some are there only as "*.bd"."""
    return _public_suffixes().publicsuffix(f"a.{label.lower()}", accept_unknown=False) is not None
