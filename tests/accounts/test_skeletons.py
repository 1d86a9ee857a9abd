"""Names that look alike share a skeleton, whichever alphabets they use."""

import pytest

from accounts.skeletons import Skeletons, skeletons, without_title

pytestmark = pytest.mark.threat("T43")


@pytest.mark.parametrize(
    ("name", "twin"),
    [
        ("Amara Toure", "\u0410mara \u0422oure"),  # Cyrillic capitals
        ("Amara Toure", "\uff21\uff4dara Toure"),  # full width
        ("Amara", "Arnara"),
        ("Ian Lee", "lan Lee"),
        ("IAN LEE", "ian lee"),
        ("Leo Park", "Le0 Park"),
        ("Leo Park", "LeoPark"),
        ("Leo Park", "Leo-Park."),
        ("Sofía Álvarez", "Sofia Alvarez"),
        ("Ian Lee", "1an Lee"),
        ("Olivia", "0LlV1A"),
        ("Ngozi", "NGOZl"),
        ("Ngozi Okafor", "Ngozi \u041ekaf\u03bfr"),  # a Cyrillic and a Greek o
        ("Amara Diallo", "Amara Dia\u05df\u05dfo"),  # Hebrew
        ("Amara Diallo", "Amara Diall\u0647"),  # Arabic
        (
            "Nina Winter",
            "\u043fi\u043fa \u0448i\u043fter",
        ),  # small Cyrillic letters, of which the capitals differ
        ("Amara Diallo", "Amara \u0110iallo"),  # with a stroke
        ("Amara Diallo", "\u023amara Dia\u026b\u2c61o"),  # with a stroke, a tilde and two bars
        ("Amara Diallo", "Amara Dia\u029f\u029fo"),  # small capitals
        ("Fatima Haddad", "Haddad Fatima"),
        ("Fatima Haddad", "Haddad, Fatima"),
        ("Fatima Haddad", "Fatima Haddad."),
        ("Fatima Haddad", "Fatima A Haddad"),
        ("Fatima Haddad", "Haddad A. Fatima"),
        ("Fatima B Haddad", "Fatima A Haddad"),
        ("伟 李", "李伟"),  # the name as a page shows it, and in the order in which it is spoken
        ("민준 김", "김민준"),
    ],
)
def test_names_that_look_alike(name, twin):
    assert skeletons(name) & skeletons(twin)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Grace Tan", "Grace Thompson"),
        ("Ann", "Anna"),
        ("李伟", "李佳"),
        ("李生", "李"),
        ("Лео Парк", "Leo Park"),
        ("芳 马", "芳 黄"),
        ("...", "!!!"),
        ("Ana María G", "Ana María P"),  # of the family name a school may want one letter
    ],
)
def test_names_that_do_not(name, other):
    assert not skeletons(name) & skeletons(other)


@pytest.mark.parametrize(
    ("name", "longer"),
    [
        ("Fatima Haddad", "Fatima Haddad 2"),
        ("Fatima Haddad", "Fatima2 Haddad\u00b2"),
        ("Fatima Haddad", "7b_Fatima Haddad|"),
        ("Fatima Haddad", "Fatima Haddad \u0662"),  # Arabic
        ("Fatima Haddad", "Haddad Fatima A"),
        ("Fatima Haddad", "Fatima A B Haddad 2"),
        ("Fatima Haddad", "Fatima Zahra Haddad"),
        ("João Santos", "João Pedro da Silva Santos"),
        ("João Pedro Silva Santos", "João Pedro da Silva Santos"),
        ("Fatima Z Haddad", "Fatima Zahra Haddad"),
        ("李伟", "李伟2"),
        ("Leo", "Leo 2"),
    ],
)
def test_a_name_may_be_within_a_longer_one(name, longer):
    assert skeletons(name) & Skeletons.of(longer).shorter


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Fatima", "Fatima Zahra Haddad"),  # one word of two people
        ("李伟", "李佳伟"),
        ("김민", "김민준"),
        ("Student", "Student A"),
        ("Ana", "Ana G"),
        ("Leo Park", "Leon Parker"),
        ("2", "7b 3"),
    ],
)
def test_but_not_any_part_of_it(name, other):
    assert not skeletons(name) & Skeletons.of(other).shorter


@pytest.mark.threat("T42")
@pytest.mark.parametrize(
    ("name", "rest"),
    [
        ("Mr Lind", "Lind"),
        ("mr. lind", "lind"),
        ("Dr.Lind", "Lind"),
        ("Frau Lind", "Lind"),
        ("Herr Dr. Lind", "Lind"),
        ("Señora Lind", "Lind"),
        ("\u039cr Lind", "Lind"),  # a Greek M
        ("M1ss Lind", "Lind"),
        ("Teacher Noor Aziz", "Noor Aziz"),
        ("Noor Aziz (teacher)", "Noor Aziz"),
        ("Noor Aziz [Lehrerin]", "Noor Aziz"),
        ("Noor Aziz, co-teacher", "Noor Aziz"),
        ("李老师", "李"),
        ("김선생님", "김"),
        ("Miriam Lind", ""),
        ("Teacher", ""),
    ],
)
def test_a_title_is_no_part_of_the_name(name, rest):
    assert without_title(name) == rest
