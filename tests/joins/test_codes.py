"""What a Code consists of. test_read_code.py has how a typed one is read."""

import secrets

import pytest

from joins import codes
from joins.models import JoinCode
from tests.factories import ClassroomFactory
from tests.joins.guessing import spelled


@pytest.fixture
def drawn(monkeypatch):
    """drawn("BDKRTWXZ", …) -> the generator draws these letters next, one Code after the other."""

    def draw(*words):
        letters = iter("".join(words))
        by_chance = secrets.choice

        def choice(alphabet):  # ids of classes are drawn too
            return next(letters) if alphabet == codes.ALPHABET else by_chance(alphabet)

        monkeypatch.setattr(secrets, "choice", choice)

    return draw


@pytest.mark.rule("K1")
def test_codes_have_the_twenty_consonants_of_rfc_8628():
    assert codes.ALPHABET == "BCDFGHJKLMNPQRSTVWXZ"
    assert {letter for _ in range(200) for letter in codes.draw(0)} == set(codes.ALPHABET)


@pytest.mark.rule("K1")
@pytest.mark.threat("T24")
def test_a_code_is_drawn_from_a_cryptographic_source(monkeypatch):
    """If the letters came from another source than `secrets`, they would not follow this one."""
    monkeypatch.setattr(secrets, "choice", lambda alphabet: alphabet[0])

    assert codes.draw(0) == spelled("BBBBBBBB")


@pytest.mark.rule("K1")
def test_a_code_stands_on_the_board_in_threes():
    assert codes.in_threes("BDKRTWXZM") == "BDK-RTW-XZM"
    assert codes.in_threes("BDKRTWXZMB") == "BDK-RTW-XZM-B"


@pytest.mark.rule("K1")
@pytest.mark.parametrize("letters", ["BDKRTWXZ", "BDKRTWXZM", "BDKRTWXZMP"])
def test_one_wrong_letter_is_always_noticed(letters):
    """Every letter of a Code is replaced by every other letter, the check letter included."""
    code = spelled(letters)
    slips = [
        code[:place] + wrong + code[place + 1 :]
        for place in range(len(code))
        for wrong in codes.ALPHABET
        if wrong != code[place]
    ]

    assert len(slips) == 19 * len(code)
    for slip in slips:
        with pytest.raises(codes.TypingError):
            codes.read(slip)


@pytest.mark.rule("K1")
def test_no_two_letters_count_alike_whatever_stands_around_them():
    """The check letter is a sum over the places, so this one table proves it for every Code."""
    for place in range(8):
        letters = [["B"] * 8 for _ in codes.ALPHABET]
        for row, letter in zip(letters, codes.ALPHABET, strict=True):
            row[place] = letter
        assert len({codes.check_letter("".join(row)) for row in letters}) == 20


@pytest.mark.rule("K1")
@pytest.mark.parametrize("run", codes.OFFENSIVE)
def test_an_offensive_run_is_never_drawn(run, drawn):
    """Not even in the middle, so not across a hyphen either."""
    drawn(f"BD{run}BDDBDD"[:8], "BDKRTWXZ")

    assert codes.draw(0) == spelled("BDKRTWXZ")


@pytest.mark.rule("K1")
def test_nor_is_one_that_only_the_check_letter_completes(drawn):
    ending = next(
        letters
        for first in codes.ALPHABET
        for letters in [f"BDKRT{first}FC", f"BDKR{first}DFC"]
        if codes.check_letter(letters) == "K"
    )
    drawn(ending, "BDKRTWXZ")

    assert codes.draw(0) == spelled("BDKRTWXZ")


@pytest.mark.rule("K1")
@pytest.mark.parametrize("run", ["FCK", "KKK", "SHT", "NGR"])
def test_the_runs_that_the_rule_names_are_on_the_list(run):
    assert run in codes.OFFENSIVE


@pytest.mark.rule("K2")
@pytest.mark.parametrize(
    ("current", "letters"),
    [
        (0, 8),
        (1, 8),
        (25_599, 8),
        (25_600, 9),
        (511_999, 9),
        (512_000, 10),
        (10_239_999, 10),
        (10_240_000, 11),
    ],
)
def test_a_guess_hits_less_than_once_in_a_million(current, letters):
    """Issued Codes / 20 ** letters < 1 / 1,000,000. One letter fewer would not be enough, and there are at least
    eight."""
    assert codes.length(current) == letters
    assert current * 1_000_000 < 20**letters
    assert letters == 8 or current * 1_000_000 >= 20 ** (letters - 1)


@pytest.mark.rule("K2")
def test_a_longer_code_has_its_check_letter_too():
    assert len(codes.draw(25_600)) == 10
    assert codes.read(codes.draw(25_600))


@pytest.mark.rule("C1", "K1", "K2")
def test_a_new_class_gets_a_code_of_nine_letters(biology_code):
    assert codes.read(biology_code().code) == biology_code().code
    assert len(biology_code().code) == 9


@pytest.mark.rule("K4")
@pytest.mark.threat("T23")
def test_a_code_is_never_issued_again(biology, biology_code, ms_okafor, drawn):
    """Neither a retired Code nor that of a deleted class."""
    retired = biology_code().code
    biology_code().reset(by=ms_okafor)
    current = biology_code().code
    biology.delete_class(by=ms_okafor)

    drawn(retired[:-1], current[:-1], "BDKRTWXZ", "BDKRTWXZ")
    ClassroomFactory(by=ms_okafor)

    assert JoinCode.objects.current().get().code == spelled("BDKRTWXZ")
    assert set(JoinCode.objects.values_list("code", flat=True)) >= {retired, current}
