"""T43, T44: what a name may be."""

import pytest
from django.core.exceptions import ValidationError

from accounts.names import clean_name, clean_person_name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  Amara   Toure ", "Amara Toure"),
        ("Ｇｒａｃｅ", "Grace"),
        ("Zoë", "Zoë"),
        ("O'Neill-Smith Jr.", "O'Neill-Smith Jr."),
        ("李小龍", "李小龍"),
        ("Mr.Brandt", "Mr.Brandt"),
        ("J.R.R. Tolkien", "J.R.R. Tolkien"),
        ("Maths 7/8", "Maths 7/8"),
        ("Chess \u265f\ufe0f", "Chess \u265f"),
        ("Leo\ufe00", "Leo"),
        ("Nguy\u1ec5n", "Nguy\u1ec5n"),
        ("บ้านที่", "บ้านที่"),
        ("נְּ", "נְּ"),
        ("བསྒྲུབས", "བསྒྲུབས"),
        ("Amara\r\nBcc", "Amara Bcc"),
    ],
)
def test_names_of_the_world_are_taken_and_tidied(typed, name):
    """T43, T44: on one line."""
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
        "evil.app",
        "renew at homeroom-login.de",
        "evil。com",
        "...",
        "\u2066",
        "\u3164",
        "\u115fAnna",
        "An\u034fna",
        "a\u2800b",
        "Zoe" + "\u0308" * 6,
        "\ufdfa" * 3 + "\u0315\u0316\u0317\u0318\u0319",
    ],
)
def test_traps_are_refused(typed):
    """T43, T44"""
    with pytest.raises(ValidationError):
        clean_name(typed)


@pytest.mark.parametrize("typed", ["evil/renew", "evil\\x", "http:evil"])
def test_a_person_is_not_called_like_an_address(typed):
    """T44"""
    with pytest.raises(ValidationError):
        clean_person_name(typed)
