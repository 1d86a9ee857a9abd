"""How Homeroom reads a typed or pasted Code."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from joins import codes

pytestmark = pytest.mark.rule("K3")

CODE = "BDKRTWXZ" + codes.check_letter("BDKRTWXZ")
WITH_LOOK_ALIKES = "BSZGLBSZ" + codes.check_letter("BSZGLBSZ")


def full_width(text):
    return "".join(chr(ord(letter) + 0xFEE0) for letter in text)


def slip(typed):
    """The error for `typed`."""
    with pytest.raises(codes.TypingError) as refused:
        codes.read(typed)
    return str(refused.value)


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        CODE.lower(),
        CODE.swapcase().capitalize(),
        codes.in_threes(CODE),
        codes.in_threes(CODE).lower().replace("-", " "),
        " ".join(CODE),
        f"  {CODE}\t\n",
        f"{codes.in_threes(CODE)}.",
        f"{CODE}\N{IDEOGRAPHIC FULL STOP}",
        CODE.replace("K", "K.").replace("W", "W..."),
        codes.in_threes(CODE).replace("-", "\N{NON-BREAKING HYPHEN}"),
        codes.in_threes(CODE).replace("-", "\N{EN DASH}"),
        codes.in_threes(CODE).replace("-", "\N{MINUS SIGN}"),
        codes.in_threes(CODE).replace("-", "\N{NO-BREAK SPACE}"),
        full_width(CODE),
        full_width(CODE.lower()),
        full_width(codes.in_threes(CODE)),
    ],
)
def test_case_spaces_hyphens_dots_and_width_do_not_matter(typed):
    assert codes.read(typed) == CODE


@pytest.mark.parametrize(
    "typed", ["852618521", "8526l8521", "8S2GI8S2L", "8s2gi8s2l", full_width("852618521")]
)
def test_look_alikes_are_what_they_look_like(typed):
    """8 B, 5 S, 2 Z, 6 G, 1 L, I L."""
    assert codes.read(typed[:8] + WITH_LOOK_ALIKES[8]) == WITH_LOOK_ALIKES


@pytest.mark.parametrize("letter", "AEOUY0379")
@pytest.mark.parametrize("typed_as", [str.upper, str.lower, full_width])
def test_a_letter_that_no_code_has_is_named(letter, typed_as):
    assert slip(typed_as(letter) + CODE[1:]) == f"There's no {letter} in a Code. Check again."


SIGNS = "A Code has only the letters on the board: no accents and no signs. Type it again by hand."
KEYBOARD = "These letters are from another keyboard. Switch it to English letters and type the Code again."


@pytest.mark.threat("T25")
@pytest.mark.parametrize(
    ("stranger", "sentence"),
    [
        ("\N{LATIN SMALL LETTER LONG S}", SIGNS),  # upper() would turn it into S
        ("\N{LATIN SMALL LETTER DOTLESS I}", SIGNS),  # upper() would turn it into I
        ("\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}", SIGNS),
        ("\N{LATIN SMALL LETTER SHARP S}", SIGNS),  # upper() would turn it into SS
        ("\N{CIRCLED LATIN CAPITAL LETTER B}", SIGNS),
        ("\N{DIGIT FIVE FULL STOP}", SIGNS),
        ("\N{ARABIC-INDIC DIGIT FIVE}", SIGNS),
        ("B\N{COMBINING ACUTE ACCENT}", SIGNS),
        ("\0", SIGNS),
        ("\N{KELVIN SIGN}", KEYBOARD),  # NFKC would turn it into K
        ("\N{CYRILLIC CAPITAL LETTER VE}", KEYBOARD),
        ("\N{GREEK CAPITAL LETTER BETA}", KEYBOARD),
        ("\N{MATHEMATICAL BOLD CAPITAL B}", KEYBOARD),
    ],
)
def test_a_stranger_of_another_script_never_turns_into_a_letter(stranger, sentence):
    assert slip(stranger + CODE[1:]) == sentence


@pytest.mark.parametrize(
    "typed", ["ИВЛКЕЦЧЯЬ", "ижклкецчяь", "βδκρτςχζ", "ינלרא'סז", "لايقفصءئ", "ㅠㅇㅏㄱㅅㅈㅌㅋㅡ"]
)
def test_a_code_typed_on_another_keyboard_layout_is_told_so(typed):
    """The keys B D K R T W X Z on a Russian, Greek, Hebrew, Arabic or Korean keyboard."""
    assert slip(typed) == KEYBOARD


@pytest.mark.parametrize(
    "pasted",
    [
        "Code: {}",
        "code:{}",
        "CODE {}",
        "Class code: {}",
        "Group Code – {}",
        "{}.",
        "{},",
        "'{}'",
        '"{}"',
        "“{}”",
        "„{}“",
        "«{}»",
        "「{}」",
        "({})",
        "（{}）",  # as a Chinese or Japanese keyboard writes them
        "［{}］",
        "＂{}＂",
        "＊{}＊",
        "！{}！",
        "Code﹕{}",
        "Ｃｏｄｅ：{}",
        "ｃｌａｓｓ　ｃｏｄｅ：{}",
        "\uf0b7 {}",  # a bullet from Word
        "\uf0a7\t{}",
        "[{}]",
        "<{}>",
        "*{}*",
        "**{}**",
        "_{}_",
        "~{}~",
        "`{}`",
        "> {}",
        "• {}",
        "- {}",
        "■ {}",
        "→ {}",
        "🔑 {}",
        "🔑️ {}",
        "{}!",
        "**Code:** `{}`",
        "\N{ZERO WIDTH NO-BREAK SPACE}{}",
        "\N{ZERO WIDTH SPACE}{}\N{ZERO WIDTH SPACE}",
        "\N{LEFT-TO-RIGHT MARK}{}\N{RIGHT-TO-LEFT MARK}",
        "\N{RIGHT-TO-LEFT OVERRIDE}{}\N{POP DIRECTIONAL FORMATTING}",
        "\N{FIRST STRONG ISOLATE}{}\N{POP DIRECTIONAL ISOLATE}",
        "\N{WORD JOINER}{}",
    ],
)
def test_what_surrounds_a_pasted_code_is_dropped(pasted):
    """From a chat, a document or a mail: quotes, brackets, bold, bullets, a label, and invisible characters."""
    assert codes.read(pasted.format(codes.in_threes(CODE))) == CODE


@pytest.mark.parametrize(
    "address", ["https://homeroom.example/join/#{}", " http://localhost:8000/join/#{}\n"]
)
def test_the_address_behind_a_printed_qr_code_is_read(address):
    """Some apps only show what they have scanned, so people copy it."""
    assert codes.read(address.format(CODE)) == CODE


@pytest.mark.parametrize(
    "between",
    ["\N{ZERO WIDTH SPACE}", "\N{SOFT HYPHEN}", "\N{ZERO WIDTH NON-JOINER}", "ー", "\N{WORD JOINER}"],
)
def test_what_nobody_sees_between_the_letters_is_dropped(between):
    assert codes.read(between.join(CODE)) == CODE


@pytest.mark.parametrize(
    "separator",
    [*"/\\|·•‧․∙⋅●_,;:~～─━⁃➖", ", ", " / ", "\N{FULLWIDTH SOLIDUS}", "\N{FULLWIDTH COMMA}"],
)
def test_what_people_set_between_the_threes_is_dropped(separator):
    """When a Code is read from a list, a table or another program."""
    assert codes.read(codes.in_threes(CODE).replace("-", separator)) == CODE
    assert codes.read(f"Code: {codes.in_threes(CODE).replace('-', separator)}.") == CODE


def test_a_sign_between_the_letters_is_not_dropped():
    """It may be a misread letter."""
    assert slip(CODE[:4] + "*" + CODE[5:]) == "There's no * in a Code. Check again."


@pytest.mark.parametrize(
    ("typed", "letters"),
    [
        ("B", "1 letter"),
        ("BDK", "3 letters"),
        (CODE[:8], "8 letters"),
    ],
)
def test_too_short_is_told_with_the_count(typed, letters):
    assert slip(typed) == f"That's {letters}. A Code has at least 9."


@pytest.mark.parametrize("typed", ["", "-", "...---", "🔑", "🔑🔑🔑", "?", "Code:", "\N{ZERO WIDTH SPACE}"])
def test_nothing_but_signs_is_told_what_to_type(typed):
    assert slip(typed) == "Type the letters of the Code."


@pytest.mark.threat("T68")
def test_too_long_is_told_and_nothing_is_cut_off():
    """Even if it begins with a valid Code."""
    assert slip(CODE + " " * 24) == "This is too long for a Code. Type only the letters of the Code."
    assert slip("B" * 1_000_000) == slip(CODE + " " * 24)


@pytest.mark.parametrize("more", ["B", "BDK"])
def test_a_code_with_more_letters_is_no_code(more):
    wrong = CODE + more
    assert slip(wrong) == f"That's {len(wrong)} letters. Most Codes have 9. Check them one by one."


@pytest.mark.rule("A3")
@pytest.mark.threat("T47")
@pytest.mark.parametrize(
    "typed",
    ["http://localhost:8000/j/N5mYbA2Jc9Rq1o3uKtVw4g/", "school.example/j/N5mYbA2Jc9Rq1o3uKtVw4g", "/j/x"],
)
def test_a_join_url_is_told_apart(typed):
    assert slip(typed).startswith("This is a Join URL, not a Code.")


def test_signs_are_named_as_typed():
    assert slip("BDK#RTWXZM") == "There's no # in a Code. Check again."
    assert slip("A0BDKRTWX") == "There's no A and no 0 in a Code. Check again."


@pytest.mark.rule("K1")
@given(
    letters=st.text(codes.ALPHABET, min_size=8, max_size=10),
    between=st.lists(
        st.sampled_from(["", " ", "-", ".", "/", "\\", ",", "\N{EN DASH}"]), min_size=11, max_size=11
    ),
    case=st.sampled_from([str.upper, str.lower, str.title, full_width]),
)
def test_every_code_is_read_back_however_it_is_spaced(letters, between, case):
    """Whatever is generated and shown can be typed."""
    code = letters + codes.check_letter(letters)

    spaced = "".join(letter + gap for letter, gap in zip(case(code), between, strict=False))

    assert codes.read(codes.in_threes(code)) == codes.read(spaced) == code


@given(typed=st.text(max_size=40))
@example(typed="\N{LATIN SMALL LETTER LONG S}" * 9)
def test_whatever_is_typed_is_read_or_refused_with_a_sentence(typed):
    try:
        code, sentence = codes.read(typed), None
    except codes.TypingError as refused:
        code, sentence = None, str(refused)

    assert sentence.endswith(".") if code is None else code[-1] == codes.check_letter(code[:-1])


@pytest.mark.parametrize("around", ["Class 11 {}", "{} Class 11", "it is {} today", "{} 9B"])
@pytest.mark.parametrize("written", [CODE, codes.in_threes(CODE), codes.in_threes(CODE).replace("-", " ")])
def test_a_code_among_other_words_says_to_leave_them_out(around, written):
    """The letters of other words must not look like mistakes in the Code."""
    assert slip(around.format(written)) == "Type the Code alone, without the words beside it."


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost:8000/join/",
        "school.example/join",
        "SCHOOL.EXAMPLE/JOIN",
        "https://homeroom.hill-school.example/join/",
        "https://homeroom.hill-school.example",
    ],
)
def test_the_address_beside_the_code_says_that_it_is_one(address):
    """It stands on the board and on the handout too. Its letters must not look like mistakes in a Code."""
    assert slip(address) == "This is a web address, not a Code. Type the letters of the Code."


def test_an_address_with_the_code_behind_it_says_to_leave_it_out():
    assert slip(f"school.example/join {CODE}") == "Type the Code alone, without the words beside it."


@pytest.mark.parametrize("typed", ["{0}{0}", "{1} {1}", "{1}\n{1}"])
def test_a_code_pasted_twice_is_read_once(typed):
    code = "ZXPQDXPF" + codes.check_letter("ZXPQDXPF")
    assert codes.read(typed.format(code, codes.in_threes(code))) == code
