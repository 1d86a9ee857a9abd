"""Compares how names look, whichever letters they're written with, by skeletons based on Unicode's UTS 39 (T43)."""

import re
import unicodedata
from functools import cache, lru_cache

from confusable_homoglyphs.confusables import confusables_data

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


def skeletons(name):
    """Return the skeletons of a name. Two names look alike if they have one in common.

    A name has three: one as written, because capital I looks like l but small i doesn't, and one in small and one in
    capital letters, because a list may show either. Unlike in UTS 39, accents, spaces and signs are left out, because
    a teacher who reads a list overlooks them.
    """
    return {_skeleton(name), _skeleton(name.casefold()), _skeleton(name.upper())} - {""}


def without_title(name):
    """ "Mr Lind" -> "Lind", "Noor Aziz (teacher)" -> "Noor Aziz"; an empty string if there's no title or role."""
    parts = [part for part in _WORDS.findall(_TITLES_WITHOUT_SPACE.sub(r" \g<0> ", name)) if skeletons(part)]
    first, end = 0, len(parts)
    while first < end and _is_title(parts[first]):
        first += 1
    while first < end and _is_title(parts[end - 1]):
        end -= 1
    return " ".join(parts[first:end]) if end - first < len(parts) else ""


@lru_cache(maxsize=4096)
def _is_title(part):
    return not skeletons(part).isdisjoint(_titles())


@cache
def _titles():
    return frozenset().union(*map(skeletons, f"{_TITLES} {_ROLES}".split()))


def _skeleton(text):
    drawn = unicodedata.normalize("NFKD", text).translate(_PROTOTYPES).casefold()
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", drawn)))


class _Prototypes(dict):
    """Maps a code point to the letter that stands for all letters that look like it."""

    def __missing__(self, number):
        """The package lists a letter's prototype, or a prototype's letters, without saying which of them it is."""
        letter = chr(number)
        alike = [other["c"] for other in confusables_data.get(letter, ())]
        if len(alike) == 1:  # otherwise it's the prototype itself, or looks like nothing else
            only = alike[0]
            letter = only if len(confusables_data.get(only, ())) > 1 else min(letter, only)
        self[number] = letter
        return letter


_PROTOTYPES = _Prototypes()
