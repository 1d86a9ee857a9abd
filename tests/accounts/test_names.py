"""T43, T44: what a name may be."""

import pytest
from django.core.exceptions import ValidationError

from accounts.names import clean_name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  Amara   Toure ", "Amara Toure"),
        ("Ｇｒａｃｅ", "Grace"),
        ("Zoë", "Zoë"),
        ("O'Neill-Smith Jr.", "O'Neill-Smith Jr."),
        ("李小龍", "李小龍"),
        ("Mr.Brandt", "Mr.Brandt"),
    ],
)
def test_names_of_the_world_are_taken_and_tidied(typed, name):
    assert clean_name(typed) == name


@pytest.mark.parametrize(
    "typed",
    [
        "a\u200bb",
        "a\u202eb",
        "a\0b",
        "a\ue000b",
        "a\u0378b",
        "http://x",
        "www.x.y",
        "win.com now",
        "a@b",
        "...",
        "\u2066",
        "\u3164",
        "\u115fAnna",
        "An\u034fna",
        "a\u2800b",
    ],
)
def test_traps_are_refused(typed):
    with pytest.raises(ValidationError):
        clean_name(typed)
