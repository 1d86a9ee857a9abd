"""Who has a name of the list: exactly, nearly, or not at all (L3)."""

import pytest

from classroom.same_name import Match, NameList, match_people

pytestmark = [pytest.mark.rule("L3"), pytest.mark.engine_free]

LIST = NameList(
    [
        "Ana María López",
        "Ben Müller",
        "Jan Novák",
        "Mary Ann Lee",
        "Seán O'Neill",
        "王伟",
        "Li Wu",
        "Noor Aziz",
    ]
)


@pytest.mark.parametrize("name", ["Ben Müller", "BEN MÜLLER", " ben  müller ", "Ben-Müller"])
def test_case_spaces_and_signs_make_no_other_name(name):
    assert LIST.find(name) == Match("Ben Müller", is_exact=True)


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("Ben Muller", "Ben Müller"),  # an accent
        ("Müller Ben", "Ben Müller"),  # the order
        ("Ana López", "Ana María López"),  # a second given name
        ("Ana Maria Lopez", "Ana María López"),
        ("Ben Müler", "Ben Müller"),  # a letter is missing
        ("Ben Müllerr", "Ben Müller"),  # one is too many
        ("Ban Müller", "Ben Müller"),  # one is another
        ("Noro Aziz", "Noor Aziz"),  # two have changed places
        ("Maryann Lee", "Mary Ann Lee"),
        ("伟 王", "王伟"),
        ("Вen Müller", "Ben Müller"),  # the first letter is Cyrillic
    ],
)
def test_nearly_the_same_is_said_and_is_not_the_same(name, listed):
    assert LIST.find(name) == Match(listed, is_exact=False)


@pytest.mark.parametrize(
    "name", ["Bob Lee", "Ana García", "Li Wo", "Jana Nováková", "Ben", "Müller", "Bonn Miller"]
)
def test_anything_else_is_a_stranger(name):
    assert LIST.find(name) is None


@pytest.mark.parametrize(
    ("one", "other"), [("मीना", "मोना"), ("कि", "की"), ("พลอย", "พลิย")], ids=["Mina, Mona", "Ki, Kī", "Thai"]
)
def test_a_vowel_that_is_written_as_a_mark_makes_another_name(one, other):
    listed = NameList([one])

    assert listed.same(other) is None
    assert listed.same(one) == one


def test_each_name_is_one_persons_and_the_same_name_comes_first():
    people = [("near", "Ana Lopez"), ("same", "Ana López"), ("again", "ana lópez"), ("stranger", "Zed")]

    assert match_people(["Ana López", "Anna López"], people) == {"Ana López": "same", "Anna López": "near"}


@pytest.mark.threat("T95")
def test_a_list_of_names_that_differ_in_one_letter_is_not_compared_name_by_name(monkeypatch):
    """Somebody could make such a list, and many accounts with such names, so that each page of the class takes long."""
    compared = []
    monkeypatch.setattr(
        "classroom.same_name._differ_by_a_slip", lambda *letters: compared.append(letters) or False
    )
    others = [f"Abcdefghijklm{chr(0x4E00 + number)}" for number in range(2000)]

    NameList(others).find("Abcdefghijklmn")

    assert 0 < len(compared) <= 200
