"""Names that look alike share a skeleton, whichever alphabets they use."""

import pytest

from accounts.skeletons import skeletons, without_title

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
        ("...", "!!!"),
    ],
)
def test_names_that_do_not(name, other):
    assert not skeletons(name) & skeletons(other)


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
