"""What a name may be."""

import importlib
import re
import unicodedata

import pytest
from django.core.exceptions import ValidationError
from faker.config import AVAILABLE_LOCALES

from accounts.models import User
from accounts.names import clean_name, clean_person_name

PARTS_OF_NAMES = ("first", "last", "middle", "name")
SCRIPTS = {
    "LATIN",
    "CYRILLIC",
    "GREEK",
    "ARABIC",
    "HEBREW",
    "DEVANAGARI",
    "TAMIL",
    "THAI",
    "CJK",
    "HANGUL",
    "KATAKANA",
}
SCRIPTS |= {"HIRAGANA", "GEORGIAN", "ARMENIAN", "SINHALA", "GUJARATI"}


def texts(value):
    """Every text in a name generator's lists. They contain lists, tuples, and weights by name."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list, tuple, set, frozenset)):
        for inner in value:
            yield from texts(inner)


def names_of(locale):
    try:
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
    except ImportError:  # this locale has no names of its own
        return
    for known in dir(provider):
        if any(part in known for part in PARTS_OF_NAMES) and known[0] != "_" and "format" not in known:
            yield from (name for name in texts(getattr(provider, known)) if "{" not in name)


@pytest.fixture(scope="module")
def names_of_the_world():
    return sorted({name for locale in AVAILABLE_LOCALES for name in names_of(locale)})


def refusal(clean, typed):
    try:
        clean(typed)
    except ValidationError as refused:
        return refused.messages[0]


@pytest.mark.rule("A7")
def test_everybody_in_the_world_may_be_called_as_they_are(names_of_the_world):
    """Every name from a public name generator, in all of its languages."""
    scripts = {unicodedata.name(name[0], "").split(" ")[0] for name in names_of_the_world}

    assert len(names_of_the_world) > 50_000
    assert SCRIPTS - scripts == set()
    for clean in (clean_person_name, clean_name):
        assert {name: why for name in names_of_the_world if (why := refusal(clean, name))} == {}


@pytest.mark.rule("A7")
def test_their_names_are_kept_as_typed(names_of_the_world):
    """In NFC, with single spaces. Nothing else changes, whether the name was typed composed or not."""
    kept = [
        (name, form)
        for name in names_of_the_world
        for form in ("NFC", "NFD")
        if clean_person_name(unicodedata.normalize(form, name))
        != unicodedata.normalize("NFC", " ".join(name.split()))
    ]

    assert kept == []


@pytest.mark.rule("A7")
@pytest.mark.threat("T43", "T44")
@pytest.mark.parametrize(
    "name",
    [
        "Md.Rahim",
        "Ma.Teresa",
        "Mr.Brandt",
        "Dr.No",  # .no belongs to Norway
        "Md.Li",
        "Md.Al-Amin",
        "J.Li",
        "J.R.R. Tolkien",
        "a/l Kumar",
        "s/o",
        "d/o Raman",
        "Sukhon:son",
        "O'Neill-Smith Jr.",
        "O\u2019Neill",
        "M\u00aa Carmen",
        "\u091c\u092f\u0930\u094d\u200d\u0938\u0940",
        "\u0dc1\u0dca\u200d\u0dbb\u0dd3",
        "\u0d30\u0d3e\u0d1c\u0d28\u0d4d\u200d",  # ends in half a letter
        "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627",
        "\u845b\U000e0100\u57ce",
        "\u0e19\u0e49\u0e33",
        "\u0587",
        "\uff27race",
        "\u674e\u5c0f\u9f8d",
        "\u05e0\u05b0\u05bc",
        "\u0f56\u0f66\u0f92\u0fb2\u0f74\u0f56\u0f66",
    ],
)
def test_a_person_is_called_as_typed(name):
    assert clean_person_name(name) == unicodedata.normalize("NFC", name)


@pytest.mark.rule("A7")
@pytest.mark.parametrize(
    "name",
    [
        "Intro to Node.js",
        "ASP.NET basics",
        "Learn .NET",
        "Bio.LK 12",
        "Mathe.AG",
        "Unit 1.2.3",
        "6.b",
        "Maths 7/8",
        "Maths: part 2",
        "Math\u00b2",
        "H\u2082O",
        "Ratio 1:2",
        "File: part 2",
        "Data:base 9",
        "Motel:7",
        "C++ & C#",
        "Family \U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",
        "Deutsch \U0001f1e9\U0001f1ea",
        "English \U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "Sport \U0001f44d\U0001f3fd",
        "First aid \U0001f469\U0001f3fd\u200d\u2695\ufe0f",
        "Art \U0001f3f3\ufe0f\u200d\U0001f308",
        "Year 1\ufe0f\u20e3",
        "Chess \u265f\ufe0f",
    ],
)
def test_a_class_is_called_as_typed(name):
    """Dots, digits above and below the line, and emoji of several parts."""
    assert clean_name(name) == name


@pytest.mark.rule("A7")
@pytest.mark.threat("T44")
@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  Amara   Toure ", "Amara Toure"),
        ("Amara\u3000\u00a0Toure", "Amara Toure"),
        ("Zoe\u0308", "Zo\u00eb"),
        ("Amara\r\nBcc", "Amara Bcc"),
        ("Leo\ufe00", "Leo"),  # chooses between forms of a letter, but this letter has only one
    ],
)
def test_spaces_and_accents_are_tidied(typed, name):
    """The name ends up on one line."""
    assert (clean_name(typed), clean_person_name(typed)) == (name, name)


ADDRESSES = [
    "evil.com",
    "EVIL.COM",
    "Evil.Com",
    "homeroom.example.com",
    "Visit evil.com now",
    "renew at homeroom-login.de",
    "homeroom.de-login",
    "paypal.me",
    "bit.ly",
    "x.com",
    "evil.app",
    "evil.com/renew",
    "evil.com:80",
    "(evil.com)",
    "evil.com.",
    "evil.com_x",
    "evil.co.uk",
    "evil.bd",  # on the list only as *.bd
    "dr.com",
    "www.Dr.No",
    "evil.Dr.No",
    "Dr.No.com",
    "EVIL.LK",
    "Paypal.IT",
    "evil.NET",
    "xn--e1afmkfd.xn--p1ai",
    "\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444",
    "evil\u3002com",
    "evil\uff0ecom",
    "\u212fvil.\u24d2om",
    "http://x",
    "www.x.y",
    "tel:0900123456",
    "Prize: call TEL:+440900",
    "mailto:x",
    "http:evil",
    "file:x",
    "\\\\server\\x",
    "a@b",
    "Meet @ nine",
]
TRAPS = [
    "a\u200bb",
    "a\u200db",
    "a\u200cb",
    "\u0639\u0644\u06cc\u200c\u200c\u0631",
    "\u200d\u0639\u0644\u06cc",
    "\u304b\u200d\u304c",
    "a\u202eb",
    "a\u200fb",
    "\u2066",
    "a\0b",
    "a\ue000b",
    "a\u0378b",
    "a\U000e0067\U000e007f",
    "...",
    "-!-",
    "\U0001f600",
    "\u3164",
    "\u115fAnna",
    "An\u034fna",
    "a\u2800b",
    "Zoe" + "\u0308" * 6,
    "\ufdfa" * 3 + "\u0315\u0316\u0317\u0318\u0319",
]


@pytest.mark.threat("T44")
@pytest.mark.parametrize(
    "typed", ["evil\\x", "http:evil", "mailto:x", "Kumar/", "/Kumar", ": Kumar", "Bio.LK", "ASP.NET"]
)
def test_a_person_is_not_called_like_an_address(typed):
    """Unlike in a class's name, nobody needs a dot before a top-level domain in a person's name."""
    with pytest.raises(ValidationError):
        clean_person_name(typed)


WHAT_TO_DO = re.compile("Put a space|Type only|Leave some|Use at least|Delete|stands between two letters")


@pytest.mark.rule("A7")
@pytest.mark.threat("T43", "T44")
@pytest.mark.parametrize("typed", [*ADDRESSES, *TRAPS])
@pytest.mark.parametrize("clean", [clean_name, clean_person_name])
def test_traps_are_refused_with_a_sentence_that_says_what_to_do(clean, typed):
    """It must never say "type the same again"."""
    assert WHAT_TO_DO.search(refusal(clean, typed))
    assert "again" not in refusal(clean, typed)


@pytest.mark.rule("A7")
def test_a_sign_in_a_name_is_named():
    """The refusal says what is wrong, and not what else might have been."""
    assert refusal(clean_person_name, "<b>Ali</b>") == "Leave out <, > and /. Type only the name."
    assert refusal(clean_person_name, "Ali/").startswith(
        "In a name, a slash or a colon stands between two letters"
    )


@pytest.mark.rule("A6", "A7")
@pytest.mark.parametrize(
    ("first", "last", "short"),
    [
        ("Grace", "Tan", "Grace T."),
        ("grace", "tan", "grace T."),
        ("Siti", "", "Siti"),
        ("", "Tan", "siti"),
        ("Ravi", "s/o Ali", "Ravi A."),
        ("Ravi", "S/O ali", "Ravi A."),
        ("Devi", "d/o Raman", "Devi R."),
        ("Ravi", "a/l Kumar", "Ravi K."),
        ("Devi", "a/p Kumar", "Devi K."),
        ("Ravi", "s/o", "Ravi S."),
        ("Ana", "de la Cruz", "Ana C."),
        ("Ana", "De La Cruz", "Ana D."),
        ("Jan", "van der Berg", "Jan B."),
        ("Jan", "van der berg", "Jan V."),
        ("Thi", "Van", "Thi V."),
        ("Gerard", "'t Hooft", "Gerard H."),
        ("Nora", "O'Neill", "Nora O."),
        ("Nora", "O\u2019Neill", "Nora O."),
        ("Ali", "bin Ahmad", "Ali A."),
        ("Ali", "al-Amin", "Ali A."),
        ("Leo", "\U0001f31f Park", "Leo P."),
        ("Leo", "\U0001f31fPark", "Leo P."),
        ("Leo", "(Park)", "Leo P."),
        ("Leo", "4th", "Leo 4."),
        ("Ea", "x\u0302eno", "Ea X\u0302."),
        ("\u05d3\u05d5\u05d3", "\u05db\u05d4\u05df", "\u05d3\u05d5\u05d3 \u05db."),
        ("\u0623\u062d\u0645\u062f", "\u0628\u0646 \u0639\u0644\u064a", "\u0623\u062d\u0645\u062f \u0628."),
        ("\u10dc\u10d8\u10dc\u10dd", "\u10d1\u10d4\u10e0\u10d8", "\u10dc\u10d8\u10dc\u10dd \u10d1."),
    ],
)
def test_fellow_students_see_the_initial_of_the_family_name(first, last, short):
    """Words such as "van" are not the initial, and neither is punctuation before the name."""
    assert User(username="siti", first_name=first, last_name=last).short_name == short


@pytest.mark.parametrize(
    ("first", "initial"), [("grace", "G"), ("", "S"), ("\U0001f31f Leo", "L"), ("'Ali", "A"), ("van", "V")]
)
def test_the_sign_beside_a_name_is_its_first_letter(first, initial):
    assert User(username="siti", first_name=first).initials == initial
