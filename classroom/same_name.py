"""Compares people's names with those on a class list: the same, nearly the same, or nobody's (L3).

Only names are compared, never usernames, because anybody can choose one that looks expected. And nearly the same never
counts as the same: somebody who isn't expected may have borrowed a name.
"""

import re
import unicodedata
from collections import defaultdict
from functools import cached_property, lru_cache
from itertools import chain, islice
from os.path import commonprefix
from typing import NamedTuple

from accounts import folding
from accounts.skeletons import REMEMBERED, SkeletonIndex, Skeletons

# Names on a list that one name is compared with letter by letter. No list of people comes near it, but one that
# somebody made for it could hold 2,000 that are all a letter apart (T95).
MOST_COMPARED = 100
SHORTEST_WITH_SLIP = 5  # letters; in a shorter name, one other letter makes another name


class Match(NamedTuple):
    name: str  # as it is on the list
    is_exact: bool


class NameList:
    """Finds people's names in a list of names. For a list of 40 it takes 2 ms of CPU once a name is not on it."""

    def __init__(self, names):
        self._names = list(names)
        self._exact = {exact(name): name for name in reversed(self._names)}

    def find(self, name):
        """Return the Match of a name, or None. Of names that are nearly the same, the first one on the list."""
        if same := self.same(name):
            return Match(same, is_exact=True)
        near = next(iter(self.near(name)), None)
        return near and Match(near, is_exact=False)

    def same(self, name):
        """Return the name on the list that is the same, or None."""
        return self._exact.get(exact(name))

    def near(self, name):
        """Return the names that are nearly this one, in the order of the list.

        That is: drawn alike, with the words in another order, with one of at least three words left out, or with one
        slip of the pen.
        """
        found = set(self._drawn.find(Skeletons.of(name)))
        for letters in _letters(name):
            written = chain.from_iterable(self._written.get(cut, ()) for cut in sorted(_cuts(letters)))
            found |= {
                other
                for other, theirs in islice(written, MOST_COMPARED)
                if _differ_by_a_slip(letters, theirs)
            }
        return [other for other in self._names if other in found] if found else []

    # Both are built at the first name that isn't on the list, because most are.
    @cached_property
    def _drawn(self):
        index = SkeletonIndex()
        for name in self._names:
            index.add(Skeletons.of(name), name)
        return index

    @cached_property
    def _written(self):
        """Maps what _cuts() returns to (name, its letters)."""
        written = defaultdict(list)
        for name in self._names:
            for letters in _letters(name):
                for cut in _cuts(letters):
                    written[cut].append((name, letters))
        return written


@lru_cache(REMEMBERED)
def exact(name):
    """Return how a name is compared if it has to be the same: case, spaces and signs don't count, but accents do.

    So do all other marks: in Hindi or Thai they are vowels, and another vowel makes another name.
    """
    letters = re.sub("['’‘ʼʻ`´]", "", name).casefold()
    return " ".join(
        "".join(letter if unicodedata.category(letter)[0] in "LMN" else " " for letter in letters).split()
    )


def match_people(names, people):
    """Return a dict: name on the list -> the person who has it.

    `people` are pairs of a person and their name. Each name is one person's, and each person has one name. People with
    the same name come before those with nearly the same.
    """
    listed, found, others = NameList(names), {}, []
    for person, called in people:
        name = listed.same(called)
        if name and name not in found:
            found[name] = person
        else:
            others.append((person, called))
    if len(found) == len(names):  # as after a whole class has joined: nothing needs to be nearly the same
        return found
    for person, called in others:
        near = next((name for name in listed.near(called) if name not in found), None)
        if near:
            found[near] = person
    return found


def _letters(name):
    """Return the letters of a name in the order in which they are written, and in that of the sorted words."""
    words = folding.fold(name).split()
    forms = {"".join(words), "".join(sorted(words))}
    return {letters for letters in forms if len(letters) >= SHORTEST_WITH_SLIP}


def _cuts(letters):
    """Return the letters, whole and without each one. Two names that differ by a slip have one of these in common."""
    return {letters, *(letters[:place] + letters[place + 1 :] for place in range(len(letters)))}


def _differ_by_a_slip(one, other):
    """Whether one letter is another, is missing, is too many, or has changed places with the next."""
    shorter, longer = sorted([one, other], key=len)
    begin = len(commonprefix([shorter, longer]))
    short, long = shorter[begin:], longer[begin:]
    if len(short) == len(long):
        return short[1:] == long[1:] or (short[:2] == long[1::-1] and short[2:] == long[2:])
    return short == long[1:]
