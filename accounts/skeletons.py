"""Compares how names look, whichever letters they're written with, by skeletons based on Unicode's UTS 39 (T43)."""

import re
import unicodedata
from collections import defaultdict
from functools import cache, lru_cache
from itertools import chain, combinations
from typing import NamedTuple

from confusable_homoglyphs.confusables import confusables_data
from django.conf import settings

# What people add to a name to sound like a teacher, in the languages of many schools.
_TITLES = """
    mr mrs ms miss mx mister missis dr doctor prof professor sir madam maam mme mlle monsieur madame mademoiselle
    herr hr frau fr fräulein señor señora señorita sr sra srta don doña dott dottore dottoressa signor signora sig
    senhor senhora meneer mevrouw mijnheer pan pani pán paní bay bayan hoca ustaz ustaza ustad ustadh cikgu encik puan
    гн госпожа господин пан пані κύριος κυρία السيد السيدة الأستاذ الأستاذة أستاذ أستاذة श्री
    श्रीमती 先生 老师 老師 선생님 ครู อาจารย์
"""
_ROLES = """
    teacher teachers coteacher co-teacher headteacher schoolteacher tutor coach principal headmaster headmistress head
    owner admin administrator staff school moderator assistant
    lehrer lehrerin lehrkraft klassenlehrer klassenlehrerin schulleiter schulleiterin schule
    prof professeur professeure enseignant enseignante maître maîtresse école
    profesor profesora maestro maestra docente escuela professora insegnante maestro scuola escola
    leraar lerares docent juf meester lærer lärare opettaja öğretmen öğretmenim nauczyciel nauczycielka učitel učitelka
    учитель учительница преподаватель вчитель вчителька δάσκαλος δασκάλα καθηγητής καθηγήτρια معلم معلمة مدرس مدرسة
    शिक्षक शिक्षिका guru
"""
# Titles that are written without a space after the name.
_TITLES_WITHOUT_SPACE = re.compile("先生|老师|老師|선생님|ครู|อาจารย์")
_WORDS = re.compile(r"[^\s.,;:/|(){}<>\[\]（）【】「」–—_]+")
# From the first letter of a word to the last, without digits and signs at its ends.
_LETTERS_OF_A_WORD = re.compile(r"[^\W\d_](?:\S*[^\W\d_])?")
_ONE_OR_TWO_WORDS = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)?")
# Names whose skeletons a process remembers, because a queue is shown again and again: two classes of the largest size.
REMEMBERED = 4096
_MOST_WORDS = 6  # of a name whose parts are compared, because a long name has very many
_CHARACTERS_THAT_ARE_WORDS = re.compile("[\u3400-\u9fff\uac00-\ud7a3\U00020000-\U0003ffff]")
_DECORATED = re.compile(r"((?:LATIN|CYRILLIC|GREEK) .*?) WITH |LATIN LETTER SMALL CAPITAL (\w+)$")
# What UTS 39 or the package leave out: letters that are drawn like a Latin one within a Latin word. The package has no
# script that is written from right to left. Of other scripts, capitals are in the package.
_DRAWN_ALIKE = {
    letter: latin
    for latin, letters in {
        "a": "\N{COPTIC SMALL LETTER ALFA}",
        "d": "\N{LATIN SMALL LETTER ETH}",
        "l": "\N{HEBREW LETTER VAV}\N{HEBREW LETTER FINAL NUN}\N{ARABIC LETTER ALEF}\N{ARABIC-INDIC DIGIT ONE}"
        "\N{NKO LETTER A}\N{ARMENIAN SMALL LETTER LIWN}\N{HANGUL JUNGSEONG I}",
        "n": "\N{HEBREW LETTER HET}\N{CYRILLIC SMALL LETTER PE}\N{GREEK SMALL LETTER PI}\N{LATIN SMALL LETTER ENG}",
        "o": "\N{HEBREW LETTER SAMEKH}\N{HEBREW LETTER FINAL MEM}\N{ARABIC LETTER HEH}\N{ARABIC LETTER HEH GOAL}"
        "\N{ARABIC LETTER AE}\N{ARABIC-INDIC DIGIT FIVE}\N{NKO DIGIT ZERO}\N{HANGUL CHOSEONG IEUNG}",
        "p": "\N{LATIN SMALL LETTER THORN}",
        "u": "\N{HEBREW LETTER TET}\N{CYRILLIC SMALL LETTER I}",
        "w": "\N{HEBREW LETTER SHIN}\N{CYRILLIC SMALL LETTER SHA}\N{GREEK SMALL LETTER OMEGA}",
    }.items()
    for letter in letters
}


class Skeletons(NamedTuple):
    """The skeletons of a name as a whole, and of what is left without its numbers, single letters or some of its words.

    Two names also look alike if what is left of one is the whole of the other: "Fatima Zahra Haddad 2" and "Fatima
    Haddad". What is left of both says nothing: Student 1 and Student 2 are two people, and so are two sisters who
    share two family names.
    """

    whole: frozenset
    shorter: frozenset

    @classmethod
    @lru_cache(REMEMBERED)
    def of(cls, name):
        forms = _forms(name)
        if _ONE_OR_TWO_WORDS.fullmatch(name):  # most names; it saves time in a big class
            return cls(_whole(forms), frozenset())
        letters = " ".join(_LETTERS_OF_A_WORD.findall(unicodedata.normalize("NFKC", name)))
        return cls(_whole(forms), _shorter(forms if letters == name else _forms(letters)))

    def __or__(self, other):
        return Skeletons(self.whole | other.whole, self.shorter | other.shorter)

    def is_like(self, other):
        return bool(self.whole & (other.whole | other.shorter) or self.shorter & other.whole)


class SkeletonIndex:
    """Finds, among many names, those that look like a name, as Skeletons.is_like() would for each of them."""

    def __init__(self):
        self._whole, self._shorter = defaultdict(list), defaultdict(list)

    def add(self, drawn, item):
        """`drawn` are the Skeletons of a name, and `item` is what find() returns for it."""
        for skeleton in drawn.whole:
            self._whole[skeleton].append(item)
        for skeleton in drawn.shorter:
            self._shorter[skeleton].append(item)

    def find(self, drawn):
        """Iterate over the items of all names that look like this one. An item may come several times."""
        found = [self._whole[skeleton] for skeleton in self._whole.keys() & (drawn.whole | drawn.shorter)]
        found += [self._shorter[skeleton] for skeleton in self._shorter.keys() & drawn.whole]
        return chain.from_iterable(found)


@lru_cache(REMEMBERED)
def skeletons(name):
    """Return the skeletons of a name as a whole. Two names look alike if they have one in common.

    A name has three forms: as written, because capital I looks like l but small i doesn't, and in small and in capital
    letters, because a list may show either. Unlike in UTS 39, accents, strokes and signs are left out, because a
    teacher who reads a list overlooks them. So are spaces, the order of the words, and a middle initial.
    """
    return _whole(_forms(name))


def looks_like_staff(username):
    """Whether it looks as if they ran the site or the school, such as "adm1n" and "root2" (T42)."""
    drawn = Skeletons.of(username)
    return any(drawn.is_like(word) for word in _like_staff())


@cache
def _like_staff():
    return [Skeletons.of(word) for word in settings.ACCOUNT_USERNAME_BLACKLIST]


def without_title(name):
    """ "Mr Lind" -> "Lind", "Noor Aziz (teacher)" -> "Noor Aziz"; an empty string if there's no title or role."""
    parts = [part for part in _WORDS.findall(_TITLES_WITHOUT_SPACE.sub(r" \g<0> ", name)) if skeletons(part)]
    first, end = 0, len(parts)
    while first < end and _is_title(parts[first]):
        first += 1
    while first < end and _is_title(parts[end - 1]):
        end -= 1
    return " ".join(parts[first:end]) if end - first < len(parts) else ""


def without_initials(name):
    """ "J. Lind" -> "Lind"; the whole name if nothing else is left."""
    long = [part for part in _WORDS.findall(name) if len(part) > 1 or _CHARACTERS_THAT_ARE_WORDS.match(part)]
    return " ".join(long) or name


@lru_cache(REMEMBERED)
def _is_title(part):
    return not skeletons(part).isdisjoint(_titles())


@cache
def _titles():
    return frozenset().union(*map(skeletons, f"{_TITLES} {_ROLES}".split()))


def _forms(name):
    """Return the words of each form in which a name is compared. Most names have one or two that differ."""
    name = unicodedata.normalize("NFKC", name)
    drawn = {text.translate(_PROTOTYPES) for text in {name, name.casefold(), name.upper()}}
    return [text.split() for text in drawn]


def _whole(forms):
    found = set()
    for words in forms:
        found |= {"".join(words), _in_order(_without_initials(words))}
    return frozenset(found - {""})


def _shorter(forms):
    """Return what is left: of a name of many words two of them, or all but one."""
    found = set()
    for words in forms:
        long = sorted(word for word in words if len(word) > 1)
        found.add(_in_order(words) if len(long) < 2 else " ".join(long))
        if 2 < len(long) <= _MOST_WORDS:
            for size in {2, len(long) - 1}:
                found |= set(map(" ".join, combinations(long, size)))
    return frozenset(found - {""})


def _without_initials(words):
    """Leave out single letters between two words. At an end they stand for a name: "Ana María G."."""
    if len(words) < 3 or len(words[0]) == 1 or len(words[-1]) == 1:
        return words
    return [word for word in words if len(word) > 1]


def _in_order(words):
    return " ".join(sorted(words))


class _Prototypes(dict):
    """Maps a code point to what stands for all that is drawn like it: letters, a space for a sign, nothing for a mark.

    A Chinese character and a Korean syllable are words of their own, because they are written with and without a space.
    """

    def __missing__(self, number):
        if _CHARACTERS_THAT_ARE_WORDS.match(chr(number)):
            drawn = f" {_prototype(chr(number))} "
        else:
            letters = "".join(map(_prototype, unicodedata.normalize("NFKD", chr(number))))
            drawn = "".join(filter(str.isalnum, unicodedata.normalize("NFKD", letters.casefold())))
            if not drawn and unicodedata.category(chr(number))[0] in "PSZ":
                drawn = " "
        self[number] = drawn
        return drawn


def _prototype(letter):
    """The package lists a letter's prototype, or a prototype's letters, without saying which of them it is."""
    letter = _DRAWN_ALIKE.get(letter, letter)
    alike = [other["c"] for other in confusables_data.get(letter, ())]
    if len(alike) == 1:
        return alike[0] if len(confusables_data.get(alike[0], ())) > 1 else min(letter, alike[0])
    plain = _without_stroke(letter)  # it's the prototype itself, or looks like nothing else
    return letter if plain == letter else _prototype(plain)


def _without_stroke(letter):
    """Return the plain letter: of L with a stroke, K with a descender, or a small capital."""
    found = _DECORATED.match(unicodedata.name(letter, ""))
    if not found:
        return letter
    try:
        return unicodedata.lookup(found[1] or f"LATIN SMALL LETTER {found[2]}")
    except KeyError:  # such as LATIN SMALL LETTER DOTLESS J WITH STROKE
        return letter


_PROTOTYPES = _Prototypes()
