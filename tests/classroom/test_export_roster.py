"""The member list as a spreadsheet: only managers get it, the history records it, no copy is kept, and every cell is
text."""

from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from classroom.models import Membership
from classroom.roster import workbook
from tests.factories import MembershipFactory, StudentFactory

XML = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
# What a spreadsheet would take for a formula, a number, a date, a truth value or a link if the file left it to guess.
TEMPTING = [
    "=1+1",
    "+1",
    "-1+cmd",
    "@SUM(A1)",
    "＝1",
    "0012345",
    "1e5",
    "3-4",
    "true",
    "http://x.example",
    "{=1}",
]


def cells(file):
    """The cells of an .xlsx file, as rows of (kind, text) pairs. The kind "s" means text."""
    with ZipFile(BytesIO(file)) as parts:
        strings = ElementTree.fromstring(parts.read("xl/sharedStrings.xml"))  # noqa: S314 — we wrote this file
        sheet = ElementTree.fromstring(parts.read("xl/worksheets/sheet1.xml"))  # noqa: S314
    texts = ["".join(string.itertext()) for string in strings.iter(f"{XML}si")]
    return [
        [(cell.get("t"), texts[int(cell.find(f"{XML}v").text)]) for cell in row]
        for row in sheet.iter(f"{XML}row")
    ]


@pytest.fixture
def export(sign_in, url, ms_okafor):
    """export() -> (the answer to Ms Okafor, the texts of each row)."""

    def download():
        answer = sign_in(ms_okafor).post(url("members/export/"))
        return answer, [[text for _, text in row] for row in cells(answer.content)]

    return download


@pytest.mark.threat("T72")
def test_it_holds_names_and_usernames_and_nothing_else(export, amara_is_member):
    _, rows = export()

    assert rows == [
        ["First name", "Last name", "Username"],
        ["Ngozi", "Okafor", "okafor"],
        ["Jonas", "Lind", "lind"],
        ["Amara", "Toure", "amara"],
    ]


@pytest.mark.threat("T72")
def test_it_is_a_file_that_no_cache_keeps(export):
    answer, _ = export()

    assert answer["Content-Disposition"] == 'attachment; filename="members.xlsx"'
    assert answer["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.threat("T72")
def test_who_took_it_stands_in_the_history(export, acts):
    export()

    assert acts()[-1] == ("export_roster", "okafor", None)


@pytest.mark.rule("J10")
def test_pressed_twice_it_stands_there_once(export, acts):
    export()
    export()

    assert acts().count(("export_roster", "okafor", None)) == 1


@pytest.mark.threat("T71")
@pytest.mark.parametrize("text", TEMPTING)
def test_no_cell_is_a_formula_or_a_number(text):
    assert cells(workbook([(text, "x", text)]))[1] == [("s", text), ("s", "x"), ("s", text)]


def test_usernames_of_digits_are_still_those_that_log_in(export, biology):
    MembershipFactory(classroom=biology, user=StudentFactory(first_name="=HYPERLINK(1)", username="0012345"))

    _, rows = export()

    assert [rows[-1][0], rows[-1][2]] == ["=HYPERLINK(1)", "0012345"]


@pytest.mark.threat("T72")
@pytest.mark.parametrize("how_many", [3, 2000])
def test_a_big_class_takes_one_query(export, biology, how_many):
    pupils = StudentFactory._meta.model.objects.bulk_create(
        StudentFactory.build_batch(how_many, password="!")
    )
    Membership.objects.bulk_create(
        Membership(classroom=biology, user=pupil, door="join-url") for pupil in pupils
    )

    with CaptureQueriesContext(connection) as queries:
        _, rows = export()

    assert len(rows) == 1 + 2 + how_many
    assert len([query for query in queries if "ORDER BY CASE" in query["sql"]]) == 1
