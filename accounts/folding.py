"""How names are compared when people look for one or read a list: accents, case and signs do not count (A7)."""

import re
import unicodedata

from django.db.models import Func

LONGEST = 300  # letters kept of a folded name; a few scripts need more letters when they are taken apart
# Letters of their own that people type and sort as these, and Arabic ones that keyboards write in two ways. Whoever
# changes this folds the names again that are there: migrations/0013_fold_again.py.
_ALIKE = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ŋ": "n", "æ": "ae", "œ": "oe", "þ": "th",
        "ɓ": "b", "ɗ": "d", "ɖ": "d", "ƙ": "k", "ƴ": "y", "ə": "e", "ɛ": "e", "ɔ": "o",
        "ی": "ي", "ى": "ي", "ک": "ك", "ة": "ه", "ٱ": "ا", "ـ": "",
    }
)  # fmt: skip
# "O'Neill" is one word, and is found as "oneill"; so are "Gal·la", and a Hebrew name with its geresh.
_WITHIN_A_WORD = "'’‘‛′ʼʻʹʾʿ`´＇·׳"
# Combining classes of signs that make another letter: vowels, nuktas, kana marks, viramas.
_VOWELLESS = (0, 7, 8, 9)


def fold(text):
    """The words of `text` as they are compared: letters, digits and symbols, with single spaces."""
    for apostrophe in _WITHIN_A_WORD:
        text = text.replace(apostrophe, "")
    # Twice: a letter taken apart may have a capital in it, and a small letter may come apart.
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(_ALIKE)
    return " ".join("".join(_compared(letter) for letter in apart).split())


def sort_name(first, last, username):
    """By last name, then by first. "!" comes before every letter: "Li, Wei" before "Lindt, Ann"."""
    return " ! ".join(filter(None, [fold(last), fold(first), username]))[:LONGEST]


def search_name(first, last, username):
    """All words by which somebody is looked for, in the order in which classmates read them."""
    return " ! ".join(filter(None, [fold(first), fold(last), username]))[:LONGEST]


def sort_class_name(name):
    """Numbers count as numbers: "Maths 9" before "Maths 10"."""
    return re.sub(r"\d+", lambda digits: f"{int(digits[0]):06}", fold(name))[:LONGEST]


def _compared(letter):
    kind = unicodedata.category(letter)
    if kind[0] == "M":
        return letter if unicodedata.combining(letter) in _VOWELLESS else ""
    if kind == "Cf":
        return ""
    return letter if kind[0] in "LNS" else " "


class InOrder(Func):
    """A folded column, sorted by its letters' numbers on every database; PostgreSQL's own order is the machine's."""

    template = "%(expressions)s"
    arity = 1

    def as_postgresql(self, compiler, connection, **extra):
        return self.as_sql(compiler, connection, template='%(expressions)s COLLATE "C"', **extra)
