"""How names are compared in searches and sorted lists: accents, case and punctuation don't count (A7)."""

import re
import unicodedata

from django.db.models import CharField, Func

# Letters kept of a folded name; in a few scripts a name gets longer when it's decomposed.
LONGEST_FOLDED = 300
# Letters that Unicode doesn't decompose, but that people type and sort as these; and Arabic letters that keyboards
# write in two ways. If you change this, add migrations that compute sort_name and search_name of every User again, and
# sort_name of every Classroom.
_REPLACED = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ŋ": "n", "æ": "ae", "œ": "oe", "þ": "th",
        "ɓ": "b", "ɗ": "d", "ɖ": "d", "ƙ": "k", "ƴ": "y", "ə": "e", "ɛ": "e", "ɔ": "o",
        "ی": "ي", "ى": "ي", "ک": "ك", "ة": "ه", "ٱ": "ا", "ـ": "",
    }
)  # fmt: skip
# Left out, so that "O'Neill" is one word and is found as "oneill". Likewise "Gal·la", and a Hebrew name with a geresh.
_APOSTROPHES = "'’‘‛′ʼʻʹʾʿ`´＇·׳"
# Combining classes of marks that make another letter, and so are kept: vowels, nuktas, kana marks, viramas.
_KEPT_MARKS = (0, 7, 8, 9)


def fold(text):
    """Return the words of `text` as they're compared: letters, digits and symbols, with single spaces."""
    for apostrophe in _APOSTROPHES:
        text = text.replace(apostrophe, "")
    # Normalised twice: decomposing may uncover a capital letter, and its small letter may decompose again.
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(_REPLACED)
    return " ".join("".join(_fold_letter(letter) for letter in apart).split())


def sort_name(first, last, username):
    """By last name, then by first name. "!" sorts before every letter, so "Li, Wei" comes before "Lindt, Ann"."""
    return " ! ".join(filter(None, [fold(last), fold(first), username]))[:LONGEST_FOLDED]


def search_name(first, last, username):
    """All words that find a person, in the order in which classmates read them."""
    return " ! ".join(filter(None, [fold(first), fold(last), username]))[:LONGEST_FOLDED]


def sort_class_name(name):
    """Numbers sort as numbers: "Maths 9" comes before "Maths 10"."""
    return re.sub(r"\d+", lambda digits: f"{int(digits[0]):06}", fold(name))[:LONGEST_FOLDED]


def _fold_letter(letter):
    kind = unicodedata.category(letter)
    if kind[0] == "M":
        return letter if unicodedata.combining(letter) in _KEPT_MARKS else ""
    if kind == "Cf":
        return ""
    return letter if kind[0] in "LNS" else " "


class InOrder(Func):
    """Sorts a folded column by code point on every database; PostgreSQL's default order depends on the machine."""

    template = "%(expressions)s"
    arity = 1

    def as_postgresql(self, compiler, connection, **extra):
        return self.as_sql(compiler, connection, template='%(expressions)s COLLATE "C"', **extra)


class FoldedField(CharField):
    """A column that is computed when a row is saved: `compute` gets the values of the `sources`."""

    def __init__(self, *args, sources=(), compute=None, **kwargs):
        self.sources, self.compute = sources, compute
        kwargs = {"max_length": LONGEST_FOLDED, "db_default": "", "editable": False} | kwargs
        super().__init__(*args, **kwargs)

    def pre_save(self, row, add):
        if self.compute:  # None in a migration
            setattr(row, self.attname, self.compute(*(getattr(row, name) for name in self.sources)))
        return super().pre_save(row, add)
