"""The class list in a real browser: a file fills the field, and the queue lets in those on the list with one press."""

import pytest
from playwright.sync_api import expect

from classroom.acts import class_list
from tests.browser.hands import sees

pytestmark = [pytest.mark.browser, pytest.mark.rule("L1", "L3")]

TABLE = "Last Name,First Name,Email\nLópez,Ana,ana@home.example\nMüller,Ben,\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.threat("T73")
def test_a_file_of_another_program_fills_the_field_and_is_not_sent(page, biology, tmp_path, encoding):
    file = tmp_path / "class.csv"
    file.write_bytes(TABLE.encode(encoding))
    page.goto(f"{biology.path}list/")

    page.locator("input[type=file]").set_input_files(file)

    expect(page.get_by_label("Names")).to_have_value(TABLE)
    sees(page, "The field has the text of class.csv now.")
    page.get_by_role("button", name="Check the names").click()
    sees(page, "Nothing is kept yet")
    assert page.locator("td bdi").all_inner_texts() == ["Ana López", "Ben Müller"]
    page.get_by_role("button", name="Keep this list").click()
    sees(page, "0 of 2 are in.")


def test_half_a_file_and_a_large_one_get_a_sentence(page, biology, tmp_path):
    page.goto(f"{biology.path}list/")
    half = tmp_path / "half.csv"
    half.write_bytes(TABLE.encode("utf-16")[:41])
    page.locator("input[type=file]").set_input_files(half)
    sees(page, "The field has the text of half.csv now.")
    large = tmp_path / "large.csv"
    large.write_text("Ana López\n" * 20_000)

    page.locator("input[type=file]").set_input_files(large)

    sees(page, "large.csv is too big. Copy the lines of your class into the field.")


WORKBOOK = b"PK\x03\x04\x14\x00\x06\x00" + bytes(range(256)) * 40  # as an .xlsx or .docx begins


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (WORKBOOK, "class.xlsx isn't a text file. Save it as CSV, or copy the names into the field."),
        (WORKBOOK * 9, "class.xlsx isn't a text file."),
        (b"\r\n", "class.xlsx is empty."),
    ],
)
def test_a_file_without_text_takes_nothing_out_of_the_field(page, biology, tmp_path, content, sentence):
    """A workbook filled it with signs, and the names that had been typed were gone."""
    page.goto(f"{biology.path}list/")
    page.get_by_label("Names").fill("Ana López")
    file = tmp_path / "class.xlsx"
    file.write_bytes(content)

    page.locator("input[type=file]").set_input_files(file)

    sees(page, sentence)
    expect(page.get_by_label("Names")).to_have_value("Ana López")


def test_a_list_two_strangers_one_namesake_one_misspelt_in_a_few_presses(page, biology, asks):
    """A class of thirty, of whom one is absent, is in after seven presses, and nobody who should not be."""
    names = [f"Pupil{letter} Lee" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"] + [
        "Ana Lee",
        "Ben Lee",
        "Cem Lee",
        "Dua Lee",
    ]
    page.goto(f"{biology.path}list/")
    page.get_by_label("Names").fill("\n".join(names))
    page.get_by_role("button", name="Check the names").click()
    page.get_by_role("button", name="Keep this list").click()
    for first in [*(name.split()[0] for name in names[:26]), "Ana", "Ana", "Benn", "Zed", "Zoe"]:
        asks(first)

    page.get_by_role("link", name="Approval queue").first.click()
    page.get_by_role("button", name="Let in the 26 on your list").click()
    sees(page, "Let in 26 people")

    waiting = page.locator("[data-request] .row__name bdi")
    expect(waiting).to_have_count(5)
    assert sorted(waiting.all_inner_texts()) == ["Ana Lee", "Ana Lee", "Benn Lee", "Zed Lee", "Zoe Lee"]
    sees(page, "Like Ben Lee on your list")
    page.get_by_role("button", name="Let in Benn Lee").click()
    sees(page, "Benn Lee is in.")
    page.goto(f"{biology.path}list/")
    sees(page, "27 of 30 are in.")


def test_on_paper_the_list_has_names_and_no_empty_field(page, biology, ms_okafor):
    """The field with the same names once more took half of the sheet."""
    class_list.keep(biology, ["Ana López", "Ben Müller"], by=ms_okafor)
    page.goto(f"{biology.path}list/")
    page.emulate_media(media="print")

    expect(page.locator("li", has_text="Ana López")).to_be_visible()
    expect(page.locator("textarea")).to_be_hidden()
